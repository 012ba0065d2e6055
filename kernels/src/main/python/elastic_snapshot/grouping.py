"""Which variables share objects, so that they have to be in one pickle, and in which order the pickles are loaded."""

import collections
import gc
import io
import pickle
import types

from elastic_snapshot._vendor.cloudpickle import cloudpickle

# Sharing one of these is no reason to be in one pickle, unless it is large: equal is as good as the same.
_ATOMS = {
    str, bytes, int, float, complex, bool, type(None), type(...), type(NotImplemented), range, slice, tuple, frozenset, property,
    staticmethod, classmethod, types.ModuleType, types.BuiltinFunctionType, types.CodeType,
}  # fmt: skip
_LARGE_VALUE_BYTES = 1 << 16  # two of it where one was would be felt
_VALUES_OF = {"datetime", "decimal", "fractions", "re", "logging", "uuid", "zoneinfo", "pathlib", "typing", "ipaddress", "numpy.dtypes", "pickle", "_decimal"}


def memo_of(taker):
    """What a pickle holds. The C pickler's memo is among what the collector sees of it; its copy is a hundred times slower."""
    if isinstance(taker.memo, dict):  # the pickler in Python
        return [entry[1] for entry in taker.memo.values()]
    if _collector_sees_memo:
        return gc.get_referents(taker)
    return [entry[1] for entry in taker.memo.copy().values()]


def _probe():
    inner = []
    taker = pickle.Pickler(io.BytesIO(), protocol=5)
    taker.dump([inner])
    return any(each is inner for each in gc.get_referents(taker))


_collector_sees_memo = _probe()


class Sets:
    """Disjoint sets of names."""

    def __init__(self, names):
        self.parent = {name: name for name in names}

    def find(self, name):
        while self.parent[name] != name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def join(self, one, other):
        one, other = self.find(one), self.find(other)
        if one != other:
            self.parent[other] = one

    def groups(self):
        found = collections.defaultdict(list)
        for name in self.parent:
            found[self.find(name)].append(name)
        return list(found.values())


def sharing(segments, table, common_ids):
    """Groups of names. `segments` maps each name to the pickle of its value alone, `common_ids` are in every pickle."""
    sets = Sets(segments)
    _join_same_objects(sets, segments, table)
    owner = {}
    is_by_value = {}
    order = sorted(segments, key=lambda name: segments[name].chunks.size)  # the largest is only looked up, never entered
    for position, name in enumerate(order):
        taker = segments[name].taker
        objects = memo_of(taker)
        ids = set(map(id, objects))
        ids -= common_ids
        ids -= taker.named_ids
        common = ids & owner.keys() if len(ids) < len(owner) else owner.keys() & ids
        if common:
            for obj in objects:
                if id(obj) in common and _matters(obj, is_by_value):
                    sets.join(owner[id(obj)], name)
        if position < len(order) - 1:
            ids -= common
            owner.update(dict.fromkeys(ids, name))
    return sets.groups()


def _join_same_objects(sets, segments, table):
    first = {}
    for name in segments:
        obj = table[name]
        if (type(obj) not in _ATOMS - {tuple} or _is_large_value(obj)) and not isinstance(obj, (type, types.ModuleType)):
            sets.join(first.setdefault(id(obj), name), name)


def _is_large_value(obj):
    return type(obj) in (str, bytes) and len(obj) >= _LARGE_VALUE_BYTES


def _matters(obj, is_by_value):
    type_ = type(obj)
    if type_ in _ATOMS or type_.__module__ in _VALUES_OF:
        return _is_large_value(obj)
    if isinstance(obj, (type, types.FunctionType)):
        if id(obj) not in is_by_value:
            is_by_value[id(obj)] = not cloudpickle._should_pickle_by_reference(obj)
        return is_by_value[id(obj)]
    return True


def lone_small_views(segments):
    """Ids of large arrays that one small view alone keeps alive: the view is written instead."""
    views = collections.defaultdict(list)
    for name, segment in segments.items():
        for base, view_bytes, base_bytes, is_lone in segment.taker.views:
            views[base].append((name, is_lone and base_bytes > 4 * view_bytes))
    lone = {base for base, found in views.items() if len(found) == 1 and found[0][1]}
    return lone, {name for base in lone for name, _is_worth_it in views[base]}


def in_order(segments):
    """Positions of segments so that each comes after those that it needs, or the positions of those that need each other."""
    where = {name: index for index, segment in enumerate(segments) for name in segment.names}
    needs = {index: {where[name] for name in segment.needs if name in where} - {index} for index, segment in enumerate(segments)}
    components = _components(needs)
    for component in components:
        if len(component) > 1:
            return None, component
    return [component[0] for component in components], None


def _components(needs):
    """Tarjan's strongly connected components, without recursion; what is needed comes first."""
    number, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in needs:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(needs[root]))]
        while work:
            node, following = work[-1]
            for each in following:
                if each not in number:
                    number[each] = low[each] = len(number)
                    stack.append(each)
                    on_stack.add(each)
                    work.append((each, iter(needs[each])))
                    break
                if each in on_stack:
                    low[node] = min(low[node], number[each])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    component = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        on_stack.discard(component[-1])
                    found.append(component)
    return found
