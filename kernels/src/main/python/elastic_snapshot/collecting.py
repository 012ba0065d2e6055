"""Everything that is the user's, as pickles of variables that belong together, in the order in which they are loaded."""

import sys
import time

from elastic_snapshot import elsewhere, grouping, namespace, patches, tensors  # noqa: F401 - patches registers its kinds
from elastic_snapshot.failure import Hang, is_interrupt
from elastic_snapshot.pickling import Chunks, DeepTaker, Taker, WholeDeepTaker, WholeTaker, reason_of, type_name
from elastic_snapshot.timing import TimeLimit

PYTHON_STACK_DEPTH = 400_000  # what the pickler in Python may use where its calls need no C stack


class Segment:
    """One pickle, of one variable or of several that share objects."""

    def __init__(self, names, chunks, buffers, taker):
        self.names = tuple(names)
        self.chunks = chunks
        self.buffers = buffers
        self.taker = taker  # holds the memo; dropped once the groups are known
        self.needs = taker.named - set(self.names)
        self.is_salvaged = bool(taker.lost_parts)
        # What is told of each name. Those that are taken together are told what was found of each alone.
        self.lost_parts = {name: list(taker.lost_parts) for name in names}
        self.notes = {name: list(taker.notes) for name in names}
        self.sources = taker.sources
        self.has_code = taker.has_code
        self.is_whole = isinstance(taker, (WholeTaker, WholeDeepTaker))

    @property
    def bytes(self):
        return self.chunks.size + sum(each.nbytes for each in self.buffers)


class Plan:
    """What the caller allows, and what earlier tries have shown to hang or kill."""

    def __init__(self, seconds=10, skip=None, exclude=(), apart=(), tell=lambda *words: None):
        self.seconds = seconds
        self.skip = dict(skip or {})
        self.exclude = set(exclude)
        self.apart = {frozenset(each) for each in apart}
        self.tell = tell
        self.takers = (Taker, DeepTaker)


class Collected:
    """The segments in order, and for each name that none has: its type's name and the reason."""

    def __init__(self, table):
        self.table = table
        self.segments = []
        self.lost = {}
        self.seconds = {}

    def lose(self, name, reason):
        self.lost[name] = (self.type_name(name), reason)

    def type_name(self, name):
        return type_name(type(self.table[name])) if name in self.table else "?"


def collect(shell, plan):
    started = time.perf_counter()
    tensors.forget_storages()
    names = shell.user_ns
    table = {name: names[name] for name in namespace.names_of(shell)}
    found, troubles = elsewhere.held(shell)
    table.update(found)
    if namespace.is_held(shell):
        plan.takers = (WholeTaker, WholeDeepTaker)
    collected = Collected(table)
    for key, reason in troubles.items():
        collected.lose(key, reason)
    alone = _each_alone(names, table, plan, collected)
    plan.tell("group", "")
    lone, changed = grouping.lone_small_views(alone)
    empty = Taker(Chunks(), names)
    common = {id(each) for each in grouping.memo_of(empty)} | {id(names), id(table)}
    groups = grouping.sharing(alone, table, common)
    for group in groups:
        if len(group) == 1 and group[0] not in changed:
            collected.segments.append(alone[group[0]])
        else:
            collected.segments += _together(names, table, group, alone, lone, plan)
    _sort(names, table, collected, lone, plan)
    for segment in collected.segments:
        segment.taker = None
    collected.seconds["collect"] = time.perf_counter() - started
    return collected


def _each_alone(names, table, plan, collected):
    taken = {}
    excluded = plan.exclude | set(_excluded_by_user(names))
    for name, obj in table.items():
        if name in excluded:
            collected.lose(name, "left out, as asked for")
            continue
        if name in plan.skip:
            collected.lose(name, plan.skip[name])
            continue
        plan.tell("pickle", name)
        try:
            taken[name] = _one(names, name, obj, plan)
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            collected.lose(name, str(trouble) if isinstance(trouble, Hang) else reason_of(trouble))
    return taken


def _excluded_by_user(names):
    wanted = names.get(namespace.EXCLUDING)
    return [each for each in wanted if isinstance(each, str)] if isinstance(wanted, (list, tuple, set)) else []


def _one(names, name, obj, plan):
    try:
        return take(plan.takers, names, {name: obj}, plan.seconds)
    except BaseException as first:
        if isinstance(first, Hang) or is_interrupt(first):
            raise
        segment = take(plan.takers, names, {name: obj}, plan.seconds, salvaging=True)
        if segment.taker.top_is_lost or not segment.is_salvaged:
            raise first
        return segment


def take(takers, names, objects, seconds, compact=frozenset(), salvaging=False):
    """One pickle of some variables."""
    try:
        return _take(takers[0], names, objects, seconds, compact, salvaging)
    except RecursionError:
        if sys.version_info < (3, 11):
            raise
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(PYTHON_STACK_DEPTH)
        try:
            return _take(takers[1], names, objects, seconds, compact, salvaging)
        finally:
            sys.setrecursionlimit(limit)


def _take(kind, names, objects, seconds, compact, salvaging):
    chunks, buffers = Chunks(), []
    taker = kind(chunks, names, objects, buffers, compact, salvaging)
    if len(objects) == 1:
        (only,) = objects.values()
        taker.top_id = id(only)
    with TimeLimit(seconds):
        taker.dump(objects)
    return Segment(objects, chunks, buffers, taker)


def _together(names, table, group, alone, lone, plan):
    if frozenset(group) not in plan.apart:
        plan.tell("join", *group)
        try:
            return [_joined(names, table, group, [alone[name] for name in group], lone, plan)]
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            reason = str(trouble) if isinstance(trouble, Hang) else reason_of(trouble)
    else:
        reason = "they hang or end the process together"
    for name in group:
        others = ", ".join(each for each in group if each != name)
        alone[name].lost_parts[name].append(("identity", "what it shared with %s is a copy now (%s)" % (others, reason)))
    return [alone[name] for name in group]


def _joined(names, table, group, parts, lone, plan):
    """One pickle of names that were taken apart before."""
    is_salvaged = any(part.is_salvaged for part in parts)
    segment = take(plan.takers, names, {name: table[name] for name in group}, plan.seconds * 2, lone, is_salvaged)
    for part in parts:
        segment.lost_parts.update(part.lost_parts)
        segment.notes.update(part.notes)
    return segment


def _sort(names, table, collected, lone, plan):
    for _ in range(len(collected.segments)):
        order, cycle = grouping.in_order(collected.segments)
        if cycle is None:
            collected.segments = [collected.segments[index] for index in order]
            return
        joined = [name for index in sorted(cycle) for name in collected.segments[index].names]
        plan.tell("join", *joined)
        try:
            merged = [_joined(names, table, joined, [collected.segments[index] for index in cycle], lone, plan)]
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            merged = []
            for name in joined:
                collected.lose(name, "cannot be taken with what it refers to: %s" % reason_of(trouble))
        kept = [segment for index, segment in enumerate(collected.segments) if index not in set(cycle)]
        collected.segments = kept + merged
