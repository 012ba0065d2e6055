"""Functions, their closures, code and namespaces.

Names of this module are written into snapshots: keep them.
"""

import functools
import marshal
import sys
import types

from elastic_snapshot._vendor.cloudpickle import cloudpickle
from elastic_snapshot.lost import SnapshotLost
from elastic_snapshot.modules import names_in
from elastic_snapshot.reducing import reduces

_SLOTS = ("__name__", "__qualname__", "__annotations__", "__kwdefaults__", "__defaults__", "__module__", "__doc__")

# The namespace that is being filled, where it is not the notebook's: while a snapshot is verified.
filling = None


def namespace():
    if filling is not None:
        return filling
    return shell().user_ns


def shell():
    """IPython's shell. It is asked for as a class, since a user may have bound or replaced `get_ipython`."""
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance()


def variable(name):
    """What a name of the notebook holds."""
    names = namespace()
    if name not in names:
        raise SnapshotLost("needs %s, which is not there" % name)
    return names[name]


def make_function(code, closure):
    return types.FunctionType(code, namespace(), None, None, closure)


def make_function_in(owner, code, closure):
    """One whose global names are a module's, or a dictionary."""
    return types.FunctionType(code, owner if type(owner) is dict else owner.__dict__, None, None, closure)


def fill_function(function, state):
    attributes, slots = state
    function.__dict__.update(attributes)
    for name, value in slots.items():
        setattr(function, name, value)


def make_cell():
    return types.CellType()


def fill_cell(cell, content):
    if content:
        cell.cell_contents = content[0]


def make_code(dumped):
    """Of bytes whose digest was checked, from the same minor version of Python."""
    return marshal.loads(dumped)


def make_method(function, owner):
    return types.MethodType(function, owner)


def make_cached(function, maxsize, typed, attributes):
    cached = functools.lru_cache(maxsize, typed)(function)
    for name, value in attributes.items():
        setattr(cached, name, value)
    return cached


def make_dispatch(name, default):
    return functools.singledispatch(default)


def fill_dispatch(dispatch, state):
    registry, attributes = state
    for type_, function in registry:
        dispatch.register(type_, function)
    dispatch.__dict__.update(attributes)


@reduces(types.FunctionType)
def _function(pickler, function):
    if _is_dispatch(function) and not cloudpickle._should_pickle_by_reference(function):
        return _dispatch(pickler, function)
    if function.__globals__ is not pickler.namespace:
        if cloudpickle._should_pickle_by_reference(function):
            return pickler._function_reduce(function)
        owner = _owner_of(function.__globals__, pickler.namespace)
        return _whole(pickler, function, make_function_in, (owner, function.__code__, function.__closure__))
    reference = pickler.by_name(function, function.__name__)
    if reference:
        return reference
    return _whole(pickler, function, make_function, (function.__code__, function.__closure__))


def _whole(pickler, function, make, arguments):
    pickler.has_code = True
    pickler.sources.add(function.__code__.co_filename)
    slots = {name: getattr(function, name) for name in _SLOTS}
    if sys.version_info >= (3, 12) and function.__type_params__:
        slots["__type_params__"] = function.__type_params__
    state = (dict(function.__dict__), slots)
    return (make, arguments, state, None, None, fill_function)


def _owner_of(names, notebook):
    """The module whose names a function sees: one that can be imported, or that a variable holds; else their dictionary."""
    module = sys.modules.get(names.get("__name__"))
    if issubclass(type(module), types.ModuleType) and names_in(module) is names:
        return module
    for value in list(notebook.values()):
        if type(value) is types.ModuleType and names_in(value) is names:
            return value
    return names


def _is_dispatch(function):
    return getattr(function, "__code__", None) is _DISPATCH_CODE


_DISPATCH_CODE = functools.singledispatch(lambda one: one).__code__


def _dispatch(pickler, function):
    reference = pickler.by_name(function, getattr(function, "__name__", None))
    if reference:
        return reference
    registry = dict(function.registry)
    default = registry.pop(object)
    registrations = list(registry.items())
    attributes = {k: v for k, v in function.__dict__.items() if k not in ("register", "dispatch", "registry", "_clear_cache")}
    attributes.pop("__wrapped__", None)
    return (make_dispatch, (function.__name__, default), (registrations, attributes), None, None, fill_dispatch)


@reduces(types.CodeType)
def _code(pickler, code):
    pickler.has_code = True
    try:
        return (make_code, (marshal.dumps(code),))
    except ValueError:  # somebody put an object among its constants
        return NotImplemented


@reduces(types.CellType)
def _cell(_pickler, cell):
    try:
        content = (cell.cell_contents,)
    except ValueError:
        content = ()
    return (make_cell, (), content, None, None, fill_cell)


@reduces(types.MethodType)
def _method(_pickler, method):
    return (make_method, (method.__func__, method.__self__))


@reduces(types.BuiltinFunctionType)
def _builtin(_pickler, function):
    owner = function.__self__
    if owner is None or isinstance(owner, (types.ModuleType, type)):
        return NotImplemented
    # `random.random` is a method of a hidden object that its module owns, and has to stay that one.
    module = sys.modules.get(type(owner).__module__)
    if module is not None and getattr(module, function.__name__, None) is function:
        return (getattr, (module, function.__name__))
    return (getattr, (owner, function.__name__))


@reduces(functools._lru_cache_wrapper)
def _cached(pickler, cached):
    name = getattr(cached, "__name__", None)
    reference = pickler.by_name(cached, name)
    if reference:
        return reference
    if getattr(cached, "__module__", None) != "__main__":
        return NotImplemented
    if cached.cache_info().currsize:
        pickler.note("the cache of %s() is empty" % name)
    settings = cached.cache_parameters() if hasattr(cached, "cache_parameters") else {"maxsize": cached.cache_info().maxsize, "typed": False}
    attributes = {k: v for k, v in cached.__dict__.items() if k not in ("__wrapped__", "cache_parameters")}
    return (make_cached, (cached.__wrapped__, settings["maxsize"], settings["typed"], attributes))
