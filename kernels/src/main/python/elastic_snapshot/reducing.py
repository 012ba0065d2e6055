"""The registry of how objects of one type are taken apart, and the types that are refused.

A reducer is a function of pickler and object that returns what `__reduce_ex__` would, or NotImplemented where the type's
own way is right after all. It may call `pickler.note(text)`: the object comes back, with the difference that the text tells.
"""

NONE = object()

_by_type = {}
_by_name = {}
_for_subclasses = {}
_classifiers = []
_found = {}

# Each stands for something outside the kernel's memory. Making locks picklable would make these picklable by accident:
# a Popen that comes back would signal a stranger's process.
_REFUSED = {
    ("threading", "Thread"): "a thread does not outlive its process",
    ("_thread", "_ThreadHandle"): "a thread does not outlive its process",
    ("subprocess", "Popen"): "a child process does not outlive its kernel",
    ("multiprocessing.process", "BaseProcess"): "a child process does not outlive its kernel",
    ("multiprocessing.pool", "Pool"): "a pool of processes does not outlive its kernel",
    ("multiprocessing.managers", "BaseManager"): "a manager's process does not outlive its kernel",
    ("multiprocessing.shared_memory", "SharedMemory"): "shared memory belongs to the processes that are gone",
    ("multiprocessing.queues", "Queue"): "a queue between processes does not outlive them",
    ("multiprocessing.connection", "_ConnectionBase"): "a connection to another process is gone",
    ("concurrent.futures.process", "ProcessPoolExecutor"): "a pool of processes does not outlive its kernel",
    ("socket", "socket"): "a network connection does not outlive its process",
    ("_socket", "socket"): "a network connection does not outlive its process",
    ("ssl", "SSLContext"): "keys and certificates are not written to a snapshot",
    ("http.client", "HTTPConnection"): "a network connection does not outlive its process",
    ("_asyncio", "Task"): "a running task does not outlive its event loop",
    ("_asyncio", "Future"): "a future does not outlive its event loop",
    ("asyncio.events", "AbstractEventLoop"): "an event loop does not outlive its process",
    ("asyncio.base_events", "Server"): "a server does not outlive its process",
    ("socketserver", "BaseServer"): "a server does not outlive its process",
    ("tempfile", "_TemporaryFileWrapper"): "a temporary file is deleted with its object",
    ("tempfile", "SpooledTemporaryFile"): "a temporary file is deleted with its object",
    ("tempfile", "TemporaryDirectory"): "a temporary folder is deleted with its object",
    ("weakref", "finalize"): "a finalizer belongs to its process",
    ("mmap", "mmap"): "a memory map belongs to its process",
    ("selectors", "BaseSelector"): "a selector belongs to its process",
    ("_queue", "SimpleQueue"): "its items cannot be looked at without being taken out",
}


def reduces(*types):
    """Registers a reducer for exactly these types."""

    def register(reducer):
        for each in types:
            _by_type[each] = reducer
        return reducer

    return register


def reduces_named(*names):
    """Registers a reducer for types, as (module, name), of libraries that may never be imported."""

    def register(reducer):
        for each in names:
            _by_name[each] = reducer
        return reducer

    return register


def reduces_subclasses(*types):
    """Registers a reducer for these types and all that derive from them and have no other."""

    def register(reducer):
        for each in types:
            _for_subclasses[each] = _by_type[each] = reducer
        return reducer

    return register


def classifies(classifier):
    """Registers a function that is asked once for each type nobody else knows; it gives a reducer or None."""
    _classifiers.append(classifier)
    return classifier


def reducer_of(type_):
    """How objects of this type are taken: a reducer, a function that refuses, or None for the pickler's own way."""
    try:
        known = _found.get(type_, NONE)
        if known is NONE:
            known = _found[type_] = _look_up(type_)
        return known
    except TypeError:  # a metaclass of the user without a hash
        return _look_up(type_)


def _look_up(type_):
    ancestors = type.mro(type_) if type(type_) is type else type_.__mro__
    reducer = _by_name.get(_name(type_)) or _at(_by_type, type_)
    if reducer is not None:
        return reducer
    for ancestor in ancestors:
        reason = _REFUSED.get(_name(ancestor))
        if reason is not None:
            return _refusing(reason)
    for ancestor in ancestors[1:]:
        reducer = _at(_for_subclasses, ancestor)
        if reducer is not None:
            return reducer
    for classifier in _classifiers:
        reducer = classifier(type_)
        if reducer is not None:
            return reducer
    return None


def _at(table, type_):
    try:
        return table.get(type_)
    except TypeError:
        return None


def _refusing(reason):
    def refuse(_pickler, _obj):
        raise TypeError(reason)

    return refuse


def _name(type_):
    return (getattr(type_, "__module__", None), getattr(type_, "__qualname__", None))
