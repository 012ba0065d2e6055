"""numpy arrays and their views, memory maps of files, memoryviews.

An array that shares memory with another comes back sharing it: a view is a reference to its base with shape and strides.
Names of this module are written into snapshots: keep them.
"""

import array
import ctypes
import functools
import os
import pickle
import random
import sys

from elastic_snapshot.lost import SnapshotLost
from elastic_snapshot.reducing import classifies, reduces, reduces_named
from elastic_snapshot.sizes import BLOB_BYTES

# Below this an array is copied into memory that it owns, as it did before; from here on it lives in the mapped buffer.
OWNED_BYTES = BLOB_BYTES


def make_array(buffer, dtype, shape, order, writeable):
    import numpy

    made = numpy.frombuffer(buffer, numpy.uint8).view(dtype) if len(buffer) else numpy.empty(0, dtype)
    made = made.reshape(shape, order=order)
    if made.nbytes < OWNED_BYTES or (writeable and not made.flags.writeable):
        made = made.copy(order)
    if not writeable:
        made.flags.writeable = False
    return made


def make_view(base, kind, dtype, shape, strides, offset, writeable):
    import numpy

    if dtype.hasobject:
        flat = base.reshape(-1, order="A")
        made = numpy.lib.stride_tricks.as_strided(flat[offset // dtype.itemsize :], shape, strides)
    else:
        made = numpy.ndarray(shape, dtype, base, offset, strides)
    if not writeable:
        made.flags.writeable = False
    return made if kind is numpy.ndarray else made.view(kind)


def make_mapped_file(kind, path, dtype, mode, offset, shape, order):
    import numpy

    if not os.path.exists(path):
        raise SnapshotLost("the file %s is not there" % path)
    return numpy.memmap(path, dtype, mode, offset, shape, order)


def make_memoryview(base, offset, size, format_, shape, readonly):
    made = memoryview(base).cast("B")[offset : offset + size]
    if len(shape) > 1:
        made = made.cast(format_, shape)
    elif format_ != "B":
        made = made.cast(format_)
    return made.toreadonly() if readonly and not made.readonly else made


def global_random():
    return random._inst


def global_numpy_random():
    import numpy

    return numpy.random.mtrand._rand


def fill_own_array(array, state):
    """An instance of the user's own subclass: numpy's pickling drops its attributes."""
    content, attributes = state
    if content is not None:
        array.__setstate__(content)
    array.__dict__.update(attributes)


def array_of_tensor(tensor):
    return tensor.numpy()


@reduces_named(("numpy", "ndarray"), ("numpy", "matrix"), ("numpy", "recarray"), ("numpy.rec", "recarray"))
def _array(pickler, obj):
    shared = _shared(pickler, obj)
    if shared is not NotImplemented:
        return shared
    if type(obj).__name__ != "ndarray" or obj.dtype.kind not in "biufcSUVmM" or obj.dtype.hasobject or not obj.dtype.itemsize:
        return NotImplemented
    return _whole(pickler, obj)


@classifies
def own_array(type_):
    numpy = sys.modules.get("numpy")
    if not hasattr(numpy, "ndarray") or type_.__module__ != "__main__" or not issubclass(type_, numpy.ndarray):
        return None
    is_plain = type_.__reduce__ is numpy.ndarray.__reduce__ and type_.__setstate__ is numpy.ndarray.__setstate__
    return _own_array if is_plain else None


def _own_array(pickler, obj):
    shared = _shared(pickler, obj)
    make, arguments, content = obj.__reduce__() if shared is NotImplemented else shared + (None,)
    return (make, arguments, (content, dict(getattr(obj, "__dict__", ()))), None, None, fill_own_array)


def _shared(pickler, obj):
    """An array as a part of what holds its memory."""
    if obj.base is None:
        return NotImplemented
    is_lone = _holders(obj) <= _holders_of_a_lone_one()
    base = _owner(obj)
    if base is not None:
        if _name(base) == ("torch", "Tensor"):
            if base.data_ptr() == _address(obj) and tuple(base.shape) == obj.shape:
                return (array_of_tensor, (base,))
        elif _holds(base):
            return _view(pickler, obj, base, is_lone)
    return NotImplemented


def _holders(view):
    """How many references there are to the array that a view shows, as this function sees them."""
    return sys.getrefcount(_owner(view))


@functools.lru_cache(maxsize=None)
def _holders_of_a_lone_one():
    import numpy

    return _holders(numpy.zeros(8)[:2])


def _whole(pickler, obj):
    import numpy

    if obj.flags.c_contiguous:
        order, flat = "C", obj.reshape(-1)
    elif obj.flags.f_contiguous:
        order, flat = "F", obj.reshape(-1, order="F")
    else:
        order, flat = "C", numpy.ascontiguousarray(obj).reshape(-1)
    # As bytes: not every dtype, dates for one, can be exported as it is.
    raw = flat.view(numpy.uint8)
    pickler.alive.append(raw)
    return (make_array, (pickle.PickleBuffer(raw), obj.dtype, obj.shape, order, bool(obj.flags.writeable)))


def _view(pickler, obj, base, is_lone):
    size = base.nbytes if hasattr(base, "nbytes") else memoryview(base).nbytes
    pickler.views.append((id(base), obj.nbytes, size, is_lone))
    pickler.alive.append(base)
    if id(base) in pickler.compact:
        return NotImplemented
    return _part(obj, base)


def _part(obj, base):
    size = base.nbytes if hasattr(base, "nbytes") else memoryview(base).nbytes
    offset = _address(obj) - _start(base)
    if offset < 0 or offset > size or (_is_array(base) and not base.flags.forc):
        return NotImplemented
    if obj.dtype.hasobject != (_is_array(base) and base.dtype.hasobject):
        return NotImplemented
    return (make_view, (base, type(obj), obj.dtype, obj.shape, obj.strides, offset, bool(obj.flags.writeable)))


def _owner(obj):
    """What holds an array's memory, if not itself; numpy's helpers for strides stand in between."""
    base = obj.base
    seen = 0
    while base is not None and seen < 8:
        if _name(base)[1] == "DummyArray":
            base = base.base
        elif _is_array(base) and base.base is not None and _is_array(base.base) and base.base.flags.forc:
            base = base.base
        else:
            break
        seen += 1
    if type(base) is memoryview:
        # A buffer that was mapped when this kernel woke, or the user's own memory behind a memoryview.
        return base.obj if type(base.obj) in (bytearray, array.array) else None
    return base


def _holds(base):
    return _is_array(base) or type(base) in (bytearray, array.array) or _name(base) == ("numpy", "memmap")


def _is_array(obj):
    return _name(obj)[0].partition(".")[0] == "numpy" and hasattr(obj, "__array_interface__") and hasattr(obj, "flags")


def _name(obj):
    type_ = type(obj)
    return (str(getattr(type_, "__module__", "")), type_.__name__)


def _address(obj):
    return obj.__array_interface__["data"][0]


def _start(base):
    if _is_array(base):
        return _address(base)
    import numpy

    return _address(numpy.frombuffer(base, numpy.uint8))


@reduces_named(("numpy", "memmap"), ("numpy.core.memmap", "memmap"), ("numpy._core.memmap", "memmap"))
def _mapped_file(pickler, obj):
    import mmap

    if type(obj.base) is not mmap.mmap:
        whole = obj.base
        while type(whole) is type(obj) and type(whole.base) is not mmap.mmap:
            whole = whole.base
        return _part(obj, whole) if type(whole) is type(obj) else NotImplemented
    if obj.filename is None:
        raise TypeError("a memory map without a file")
    obj.flush()
    path = os.path.abspath(os.fsdecode(obj.filename))
    mode = "r+" if obj.mode in ("w+", "r+") else obj.mode
    if mode == "c":
        raise TypeError("changes of a copy-on-write map are in no file")
    order = "C" if obj.flags.c_contiguous else "F"
    pickler.note("%s is mapped again" % os.path.basename(path))
    return (make_mapped_file, (type(obj), path, obj.dtype, mode, obj.offset, obj.shape, order))


@reduces_named(("numpy.random.mtrand", "RandomState"))
def _numpy_random(_pickler, state):
    import numpy

    return (global_numpy_random, ()) if state is numpy.random.mtrand._rand else NotImplemented


@reduces(random.Random)
def _random(_pickler, generator):
    return (global_random, ()) if generator is random._inst else NotImplemented


@reduces(memoryview)
def _memoryview(_pickler, view):
    base = view.obj
    if not view.contiguous:
        if view.readonly:
            return (memoryview, (view.tobytes(),))
        raise TypeError("a memoryview with gaps")
    if type(base) in (bytearray, array.array) or _is_array(base):
        offset = _buffer_address(view) - _buffer_address(memoryview(base))
        return (make_memoryview, (base, offset, view.nbytes, view.format, view.shape, view.readonly))
    if not view.readonly and not isinstance(base, (bytes, memoryview)):
        raise TypeError("a memoryview of a %s" % type(base).__name__)
    content = bytes(view) if view.readonly else bytearray(view)
    return (make_memoryview, (content, 0, view.nbytes, view.format, view.shape, view.readonly))


class _Buffer(ctypes.Structure):
    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.c_void_p), ("rest", ctypes.c_byte * 128)]


def _buffer_address(view):
    buffer = _Buffer()
    if ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), ctypes.byref(buffer), 0x18):  # PyBUF_STRIDES
        raise TypeError("a memoryview without an address")
    try:
        return buffer.buf or 0
    finally:
        ctypes.pythonapi.PyBuffer_Release(ctypes.byref(buffer))
