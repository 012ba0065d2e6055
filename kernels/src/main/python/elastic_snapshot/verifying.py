"""Loads every pickle again, in an empty namespace, while the kernel still lives: what cannot come back is known by name."""

import time

from elastic_snapshot import functions
from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.failure import Hang, is_interrupt
from elastic_snapshot.lost import LostPart
from elastic_snapshot.pickling import load, reason_of, type_name
from elastic_snapshot.timing import TimeLimit

LARGEST_PICKLE = 64 << 20  # a larger one takes its memory a second time; it is not verified

# Types that may come back as another one, since what they are is bound to the process.
_MAY_CHANGE = {"Task", "Future", "_asyncio.Task", "weakref.ReferenceType"}

_alive = []  # what was loaded is never freed here: a __del__ of the user could reach outside


def verify(collected, plan):
    """Only in the forked child: it forgets the classes that are known, and fills another namespace."""
    started = time.perf_counter()
    filled = {"__builtins__": __builtins__, "__name__": "__main__"}
    functions.filling = filled
    cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID.clear()
    cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS.clear()
    kept = []
    for segment in collected.segments:
        missing = sorted(name for name in segment.needs if name in collected.lost)
        if missing:
            for name in segment.names:
                collected.lose(name, "needs %s, which is lost" % ", ".join(missing))
            continue
        plan.tell("verify", *segment.names)
        if segment.chunks.size > LARGEST_PICKLE:
            kept.append(segment)
            continue
        try:
            with TimeLimit(plan.seconds):
                loaded = load(segment.chunks.whole(), segment.buffers, segment.is_whole)
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            reason = str(trouble) if isinstance(trouble, Hang) else reason_of(trouble)
            for name in segment.names:
                collected.lose(name, "cannot be loaded again: %s" % reason)
            continue
        _alive.append(loaded)
        filled.update(loaded)
        if _is_what_it_was(segment, loaded, collected):
            kept.append(segment)
    collected.segments = kept
    functions.filling = None
    collected.seconds["verify"] = time.perf_counter() - started


def _is_what_it_was(segment, loaded, collected):
    """Whether each variable has the type it had; attributes that are gone are told as lost parts."""
    wrong = {}
    for name in segment.names:
        before, after = type(collected.table[name]), type(loaded.get(name))
        if type_name(before) != type_name(after) and before is not LostPart and type_name(before) not in _MAY_CHANGE:
            wrong[name] = "its own pickling gives a %s instead" % type_name(after)
        elif before.__module__ == "__main__":
            gone = _attributes(collected.table[name]) - _attributes(loaded[name])
            for attribute in sorted(gone):
                segment.lost_parts[name].append(("attribute", "%s.%s is left out by the class's own pickling" % (name, attribute)))
    for name, reason in wrong.items():
        collected.lose(name, reason)
    if wrong and len(segment.names) > 1:
        for name in set(segment.names) - set(wrong):
            collected.lose(name, "belongs together with %s, which is lost" % ", ".join(sorted(wrong)))
    return not wrong


def _attributes(obj):
    try:
        names = object.__getattribute__(obj, "__dict__")
        return {name for name in names if not (name.startswith("__") and name.endswith("__"))}  # the interpreter's own
    except Exception:  # it has none, or one of the user's own making
        return set()
