"""The pickler: the user's objects as bytes, with their large buffers beside.

It is cloudpickle's, with three differences. Functions keep the notebook's live namespace as their globals. Functions and
classes that a name of the notebook holds are referred to by that name from other pickles. And one object that cannot be
taken does not cost its neighbors: in a *salvaging* pickle a stand-in takes its place.
"""

import io
import pickle
import types

from elastic_snapshot import functions, reducing
from elastic_snapshot import (  # noqa: F401 - these register their reducers
    arrays,
    c_types,
    classes,
    concurrency,
    containers,
    figures,
    files,
    frames,
    loggers,
    references,
    singletons,
    tensors,
)
from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.failure import Hang, is_interrupt
from elastic_snapshot.lost import LostPart
from elastic_snapshot.namespace import is_bound_anew
from elastic_snapshot.sizes import INBAND_BYTES

_BY_REFERENCE = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type)


class Chunks:
    """A file to pickle into. It keeps large bytes objects as they are instead of copying them together."""

    def __init__(self):
        self.parts = []
        self.size = 0

    def write(self, data):
        # The C pickler lends memory that it may reuse, except where it hands over a bytes object.
        part = data if type(data) is bytes else bytes(data)
        self.parts.append(part)
        self.size += len(part)
        return len(part)

    def whole(self):
        if len(self.parts) != 1:
            self.parts = [b"".join(self.parts)]
        return self.parts[0]


class _Taking:
    """What the C pickler and the Python one, which can go deeper, have in common."""

    def prepare(self, namespace, own_names, buffers, compact, salvaging):
        self.namespace = namespace
        self.own_names = set(own_names)
        self.buffers = buffers
        self.compact = compact
        self.salvaging = salvaging
        self.named = set()  # names of other groups that this pickle refers to
        self.named_ids = set()
        self.lost_parts = []  # (type, reason)
        self.notes = []
        self.views = []  # (id of the base, bytes of the view, bytes of the base)
        self.alive = []  # what reducers made and whose id the pickle's memo knows
        self.sources = set()  # the file names of the code that was taken
        self.has_code = False
        self.top_id = None
        self.top_is_lost = False
        self.storages = {}

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def keep_buffer(self, buffer):
        """The buffer callback: True leaves it in the pickle."""
        try:
            view = buffer.raw()
        except BufferError:  # not contiguous
            return True
        if view.nbytes < INBAND_BYTES:
            return True
        self.buffers.append(view)
        return False

    def by_name(self, obj, name):
        """A reference to what a variable of the notebook holds, or None."""
        if not isinstance(name, str) or name in self.own_names or is_bound_anew(name) or self.namespace.get(name, reducing.NONE) is not obj:
            return None
        self.named.add(name)
        self.named_ids.add(id(obj))
        self.alive.append(obj)
        return (functions.variable, (name,))

    def reducer_override(self, obj):
        type_ = type(obj)
        reducer = reducing.reducer_of(type_)
        try:
            if reducer is not None:
                reduced = reducer(self, obj)
                if reduced is not NotImplemented:
                    return reduced
            elif not self.salvaging:
                return NotImplemented
            if self.salvaging and not isinstance(obj, _BY_REFERENCE):
                return self._ask(obj, type_)
            return NotImplemented
        except (Hang, RecursionError, MemoryError):
            raise
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            if self.salvaging:
                return self._stand_in(obj, type_, trouble)
            if isinstance(trouble, Exception):
                raise
            raise pickle.PicklingError("%s raised while it was pickled" % type(trouble).__name__) from trouble

    def _ask(self, obj, type_):
        """What the pickler would do itself, done here, so that a failure costs this object alone."""
        if type_.__reduce_ex__ is None:
            raise TypeError("its type forbids pickling")
        registered = self.dispatch_table.get(type_)
        reduced = registered(obj) if registered else obj.__reduce_ex__(5)
        if isinstance(reduced, str) or obj is None:
            return NotImplemented
        if not isinstance(reduced, tuple) or not 2 <= len(reduced) <= 6:
            raise TypeError("its __reduce__ gives no tuple of two to six items")
        return reduced

    def _stand_in(self, obj, type_, trouble):
        if self.top_id == id(obj):
            self.top_is_lost = True
        self.lost_parts.append((type_name(type_), reason_of(trouble)))
        return (LostPart, self.lost_parts[-1])


class Taker(_Taking, cloudpickle.Pickler):
    """The usual pickler, in C."""

    def __init__(self, file, namespace, own_names=(), buffers=None, compact=frozenset(), salvaging=False):
        cloudpickle.Pickler.__init__(self, file, protocol=5, buffer_callback=self.keep_buffer)
        self.prepare(namespace, own_names, [] if buffers is None else buffers, compact, salvaging)

    def dump(self, obj):  # cloudpickle's hides a RecursionError
        pickle.Pickler.dump(self, obj)


class DeepTaker(_Taking, pickle._Pickler):
    """The pickler in Python, for structures deeper than the C stack allows."""

    dispatch_table = cloudpickle.Pickler.dispatch_table
    _function_reduce = cloudpickle.Pickler._function_reduce
    _dynamic_function_reduce = cloudpickle.Pickler._dynamic_function_reduce
    _function_getnewargs = cloudpickle.Pickler._function_getnewargs

    def __init__(self, file, namespace, own_names=(), buffers=None, compact=frozenset(), salvaging=False):
        pickle._Pickler.__init__(self, file, protocol=5, buffer_callback=self.keep_buffer)
        self.globals_ref = {}
        self.prepare(namespace, own_names, [] if buffers is None else buffers, compact, salvaging)


class _Whole:
    """For a notebook whose namespace is held by something in it, as by `names = globals()`. It asks for each object, which costs."""

    def persistent_id(self, obj):
        return "namespace" if obj is self.namespace else None


class WholeTaker(_Whole, Taker):
    """The one in C."""


class WholeDeepTaker(_Whole, DeepTaker):
    """The one in Python."""


class _Loader(pickle.Unpickler):
    def persistent_load(self, _name):
        return functions.namespace()


def load(data, buffers, is_whole):
    """What a pickle holds. One of a WholeTaker's is copied."""
    return _Loader(io.BytesIO(data), buffers=buffers).load() if is_whole else pickle.loads(data, buffers=buffers)


def type_name(type_):
    if type_.__module__ in ("builtins", "__main__"):
        return type_.__qualname__
    return "%s.%s" % (type_.__module__, type_.__qualname__)


def reason_of(trouble):
    """One line about an exception, whose own text may raise."""
    try:
        text = " ".join(str(trouble).split())[:200]
    except BaseException as worse:
        text = "and its message raises %s" % type(worse).__name__
    if type(trouble) in (TypeError, pickle.PicklingError) and text:
        return text
    return ("%s: %s" % (type(trouble).__name__, text)).rstrip(": ")
