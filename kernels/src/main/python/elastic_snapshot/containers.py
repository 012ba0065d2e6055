"""Containers and plain values that pickle leaves aside, and instances of the user's own container types.

Names of this module are written into snapshots: keep them.
"""

import gc
import re
import struct
import types
from collections import OrderedDict

from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.reducing import classifies, reduces, reduces_named


def make_view(which, container):
    return getattr(container, which)()


def make_proxy(mapping):
    return types.MappingProxyType(mapping)


def make_exception(class_, arguments, attributes):
    made = class_.__new__(class_, *arguments)
    made.args = arguments
    made.__dict__.update(attributes)
    return made


def fill_exception(exception, state):
    exception.__cause__, exception.__context__, exception.__suppress_context__ = state


def make_bare(class_):
    return class_.__new__(class_)


def fill_dict(made, state):
    items, attributes = state
    for key, value in items:
        dict.__setitem__(made, key, value)
    _set_attributes(made, attributes)


def fill_list(made, state):
    items, attributes = state
    list.extend(made, items)
    _set_attributes(made, attributes)


def fill_set(made, state):
    items, attributes = state
    set.update(made, items)
    _set_attributes(made, attributes)


def _set_attributes(made, attributes):
    own, slots = attributes
    if own:
        made.__dict__.update(own)
    for name, value in slots.items():
        object.__setattr__(made, name, value)


def make_new_type(name, supertype, module):
    import typing

    made = typing.NewType(name, supertype)
    made.__module__ = module
    return made


def make_type_alias(name, value, parameters):
    # Its module is that of whoever calls, and the notebook's is what refers to it.
    scope = {"__name__": "__main__", "arguments": (name, value), "parameters": parameters}
    return eval("__import__('typing').TypeAliasType(*arguments, type_params=parameters)", scope)


def make_match(pattern, way, text, start, end):
    return getattr(pattern, way)(text, start, end)


@reduces(type({}.keys()), type(OrderedDict().keys()))
def _keys(_pickler, view):
    return (make_view, ("keys", _viewed(view)))


@reduces(type({}.values()), type(OrderedDict().values()))
def _values(_pickler, view):
    return (make_view, ("values", _viewed(view)))


@reduces(type({}.items()), type(OrderedDict().items()))
def _items(_pickler, view):
    return (make_view, ("items", _viewed(view)))


@reduces(types.MappingProxyType)
def _proxy(_pickler, proxy):
    mapping = _viewed(proxy)
    return (make_proxy, (mapping,)) if type(mapping) is dict else NotImplemented


def _viewed(view):
    """The container that a view shows; 3.9 has no other way to it."""
    return gc.get_referents(view)[0]


@reduces(struct.Struct)
def _struct(_pickler, packer):
    return (struct.Struct, (packer.format,))


@reduces_named(("typing", "NewType"))
def _new_type(pickler, type_):
    if type_.__module__ != "__main__":
        return NotImplemented
    return pickler.by_name(type_, type_.__name__) or (make_new_type, (type_.__name__, type_.__supertype__, type_.__module__))


@reduces_named(("typing", "TypeAliasType"))
def _type_alias(pickler, alias):
    if alias.__module__ != "__main__":
        return NotImplemented
    return pickler.by_name(alias, alias.__name__) or (make_type_alias, (alias.__name__, alias.__value__, alias.__type_params__))


@reduces(re.Match)
def _match(_pickler, match):
    for way in ("match", "search", "fullmatch"):
        again = getattr(match.re, way)(match.string, match.pos, match.endpos)
        if again is not None and again.regs == match.regs:
            return (make_match, (match.re, way, match.string, match.pos, match.endpos))
    # One of finditer's: found again where it began.
    again = match.re.match(match.string, match.start(), match.endpos)
    if again is not None and again.regs == match.regs:
        return (make_match, (match.re, "match", match.string, match.start(), match.endpos))
    raise TypeError("this match is not found again by its pattern")


def _exception(pickler, exception):
    type_ = type(exception)
    if exception.__traceback__ is not None:
        pickler.note("the traceback of %s is gone" % type_.__name__)
    if type_.__reduce__ is not BaseException.__reduce__ or type_.__reduce_ex__ is not object.__reduce_ex__:
        return NotImplemented
    if cloudpickle._should_pickle_by_reference(type_) and type_.__init__ in (BaseException.__init__, Exception.__init__):
        arguments = exception.__reduce_ex__(5)
        state = (exception.__cause__, exception.__context__, exception.__suppress_context__)
        return (make_exception, (type_, exception.args, dict(exception.__dict__)), state, None, None, fill_exception) if arguments else NotImplemented
    state = (exception.__cause__, exception.__context__, exception.__suppress_context__)
    return (make_exception, (type_, exception.args, dict(exception.__dict__)), state, None, None, fill_exception)


_FILLED = ((dict, fill_dict), (list, fill_list), (set, fill_set))


@classifies
def own_container_or_exception(type_):
    if issubclass(type_, BaseException):
        return _exception
    if type_.__module__ != "__main__" or type_.__reduce_ex__ is not object.__reduce_ex__:
        return None
    if "__getstate__" in _written_names(type_) or "__setstate__" in _written_names(type_) or "__getnewargs_ex__" in _written_names(type_):
        return None
    for base, fill in _FILLED:
        if issubclass(type_, base) and type_.__reduce__ is base.__reduce__ and type_.__new__ is base.__new__:
            # Filled by the base's own methods: what the user wrote into theirs has run once already.
            return _filling(base, fill)
    return None


def _written_names(type_):
    return {name for ancestor in type_.__mro__ if ancestor.__module__ == "__main__" for name in ancestor.__dict__}


def _filling(base, fill):
    def reduce(_pickler, obj):
        items = list(dict.items(obj)) if base is dict else list(base.__iter__(obj))
        slots = {}
        for ancestor in type(obj).__mro__:
            for name in ancestor.__dict__.get("__slots__", ()):
                if name not in ("__dict__", "__weakref__") and hasattr(obj, name):
                    slots[name] = getattr(obj, name)
        own = dict(obj.__dict__) if hasattr(obj, "__dict__") else None
        return (make_bare, (type(obj),), (items, (own, slots)), None, None, fill)

    return reduce
