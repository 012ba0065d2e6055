"""Classes of the notebook. A class is made bare, known to the pickle, and filled: without running its user's metaclass or
`__init_subclass__` a second time.

Names of this module are written into snapshots: keep them.
"""

import enum
import sys
import types

from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.reducing import reduces_subclasses


def make_class(meta, name, bases, namespace, tracked, orig_bases):
    """The bare class. `bases` are real classes; `orig_bases` the generic ones that were written, or None."""
    muted = []
    for base in {ancestor for each in bases for ancestor in each.__mro__}:
        if base.__module__ == "__main__" and "__init_subclass__" in base.__dict__:
            muted.append((base, base.__dict__["__init_subclass__"]))
            type.__setattr__(base, "__init_subclass__", classmethod(lambda cls, **arguments: None))
    try:
        maker = next(each for each in meta.__mro__ if each.__module__ != "__main__")
        content = dict(namespace)
        if orig_bases is not None:
            content["__orig_bases__"] = orig_bases
        if issubclass(maker, enum.EnumMeta):
            raise TypeError("an enumeration is not made here")
        if maker is type or maker.__module__ == "abc":
            # Straight to the maker: the user's metaclass has no say twice.
            made = maker.__new__(meta, name, bases, content)
        else:
            made = types.new_class(name, bases, {"metaclass": meta}, lambda target: target.update(content))
        return cloudpickle._lookup_class_or_track(tracked, made)
    finally:
        for base, original in muted:
            type.__setattr__(base, "__init_subclass__", original)


def fill_class(class_, state):
    attributes, registered = state
    for name, value in attributes.items():
        try:
            type.__setattr__(class_, name, value)
        except (AttributeError, TypeError):
            # What the interpreter has put there itself, such as the dictionary's own descriptor.
            if name not in class_.__dict__:
                raise
    if "__firstlineno__" in attributes:  # setting __module__ or others drops it
        type.__setattr__(class_, "__firstlineno__", attributes["__firstlineno__"])
    for each in registered:
        class_.register(each)


def make_enum(bases, name, qualname, members, module, tracked, meta):
    content = meta.__prepare__(name, bases)
    for member, value in members:
        content[member] = value
    made = enum.EnumMeta.__new__(meta, name, bases, content)
    made.__module__ = module
    made.__qualname__ = qualname
    return cloudpickle._lookup_class_or_track(tracked, made)


def fill_enum(class_, state):
    attributes, of_members = state
    for name, value in attributes.items():
        type.__setattr__(class_, name, value)
    for name, own in of_members.items():
        # What the enumeration's own __init__ had set; it is not run again.
        class_.__members__[name].__dict__.update(own)


@reduces_subclasses(type)
def reduce_class(pickler, class_):
    if class_.__module__ == "__main__":
        reference = pickler.by_name(class_, class_.__name__)
        if reference:
            return reference
        if not cloudpickle._should_pickle_by_reference(class_):
            pickler.has_code = True
            if issubclass(class_, enum.Enum):
                return _reduce_enum(class_)
            if not _has_typing_maker(class_):
                return _reduce_plain(class_)
    return cloudpickle._class_reduce(class_)


def _has_typing_maker(class_):
    # TypedDict and NamedTuple classes are made by functions; cloudpickle knows how.
    return type(class_).__module__ in ("typing", "typing_extensions") and type(class_).__name__ != "_ProtocolMeta"


def _reduce_plain(class_):
    (attributes, _) = cloudpickle._class_getstate(class_)
    registered = attributes.pop("_abc_impl", [])
    attributes.pop("__orig_bases__", None)
    namespace = {"__module__": class_.__module__, "__qualname__": class_.__qualname__}
    if "__slots__" in class_.__dict__:
        # Slots have to be there when the class is made: set afterwards they are only a list of words.
        namespace["__slots__"] = class_.__dict__["__slots__"]
        attributes.pop("__slots__", None)
        for slot in _slots_of(class_):
            attributes.pop(_mangled(class_.__name__, slot), None)
    attributes.pop("__classcell__", None)
    if sys.version_info >= (3, 14) and "__annotations__" in vars(type):
        # They are made by a function over the class's own names there; what it gives is what is kept.
        attributes["__annotations__"] = class_.__annotations__
    arguments = (
        type(class_),
        class_.__name__,
        class_.__bases__,
        namespace,
        cloudpickle._get_or_create_tracker_id(class_),
        class_.__dict__.get("__orig_bases__"),
    )
    return (make_class, arguments, (attributes, list(registered)), None, None, fill_class)


def _slots_of(class_):
    slots = class_.__dict__["__slots__"]
    return [slots] if isinstance(slots, str) else list(slots)


def _mangled(class_name, slot):
    if slot.startswith("__") and not slot.endswith("__"):
        return "_%s%s" % (class_name.lstrip("_"), slot)
    return slot


def _reduce_enum(class_):
    (attributes, _) = cloudpickle._class_getstate(class_)
    made_by_meta = ("_generate_next_value_", "_member_names_", "_member_map_", "_member_type_", "_value2member_map_", "_hashable_values_",
                    "_unhashable_values_", "_unhashable_values_map_", "_use_args_", "_value_repr_", "_flag_mask_", "_singles_mask_", "_all_bits_",
                    "_boundary_", "_inverted_", "_new_member_", "__new__", "_sort_order_", "__new_member__")
    for name in made_by_meta:
        attributes.pop(name, None)
    members = list(class_.__members__.items())
    for name, _member in members:
        attributes.pop(name, None)
    built = {"_value_", "_name_", "__objclass__", "_sort_order_", "name", "value", "_hashable_values_"}
    of_members = {
        name: {k: v for k, v in vars(member).items() if k not in built}
        for name, member in members
        if hasattr(member, "__dict__") and member.name == name
    }
    arguments = (
        class_.__bases__,
        class_.__name__,
        class_.__qualname__,
        [(name, member._value_) for name, member in members],
        class_.__module__,
        cloudpickle._get_or_create_tracker_id(class_),
        type(class_),
    )
    return (make_enum, arguments, (attributes, {k: v for k, v in of_members.items() if v}), None, None, fill_enum)
