"""ctypes: structures and arrays of the notebook. Their metaclasses have no name that could be referred to.

Names of this module are written into snapshots: keep them.
"""

import operator

from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.reducing import reduces_named

# What lays the memory out has to be there when the class is made.
_LAYOUT = ("_pack_", "_layout_", "_align_", "_anonymous_", "_fields_")


def make_structure(name, bases, content, tracked):
    made = type(bases[0])(name, bases, content)
    return cloudpickle._lookup_class_or_track(tracked, made)


def fill_structure(class_, attributes):
    for name, value in attributes.items():
        setattr(class_, name, value)


@reduces_named(("_ctypes", "PyCStructType"), ("_ctypes", "UnionType"))
def _structure(pickler, class_):
    if class_.__module__ == "__main__":
        reference = pickler.by_name(class_, class_.__name__)
        if reference:
            return reference
    if cloudpickle._should_pickle_by_reference(class_):
        return NotImplemented
    pickler.has_code = True
    attributes, _slots = cloudpickle._class_getstate(class_)
    content = {name: attributes.pop(name) for name in _LAYOUT if name in attributes}
    for field in content.get("_fields_", ()):
        attributes.pop(field[0], None)
    content.update(__module__=class_.__module__, __qualname__=class_.__qualname__)
    arguments = (class_.__name__, class_.__bases__, content, cloudpickle._get_or_create_tracker_id(class_))
    return (make_structure, arguments, attributes, None, None, fill_structure)


@reduces_named(("_ctypes", "PyCArrayType"))
def _array(_pickler, class_):
    if cloudpickle._should_pickle_by_reference(class_):
        return NotImplemented
    return (operator.mul, (class_._type_, class_._length_))
