"""What the user has put into modules and classes of libraries, and the variables of the user's own modules."""

import gc
import importlib
import os
import sys
import types

from elastic_snapshot import cells, modules
from elastic_snapshot.elsewhere import kind
from elastic_snapshot.namespace import is_users


@kind("patch")
class Patch:
    @staticmethod
    def find(shell):
        yield from _functions(shell.user_ns)
        yield from cells.attributes_of_modules(shell.user_ns)

    @staticmethod
    def put(_shell, place, value):
        module, _, path = place.partition(":")
        owner_path, _, name = path.rpartition(".")
        owner = importlib.import_module(module)
        for part in owner_path.split(".") if owner_path else []:
            owner = getattr(owner, part)
        setattr(owner, name, value)


_CALLED = {types.FunctionType, types.MethodType, staticmethod, classmethod, property}


def _functions(names):
    """Functions of the notebook that are in a library's module or class."""
    if not _are_elsewhere(names):
        return
    accessors = "pandas.core.accessor" in sys.modules
    for module_name, module in modules.loaded():
        own = modules.names_in(module)
        if own is names or module_name in ("sys", "signal"):
            continue
        for name, value in list(own.items()):
            if type(value) is types.FunctionType:
                if value.__globals__ is names:
                    yield "%s:%s" % (module_name, name), value
            elif issubclass(type(value), type) and value.__module__ == module_name:
                for attribute, member in list(vars(value).items()):
                    if type(member) in _CALLED and is_users(member, names) or accessors and _is_users_accessor(member):
                        yield "%s:%s.%s" % (module_name, value.__qualname__, attribute), member


def _are_elsewhere(names):
    """Whether a module, or a class that is none of the notebook's own, may hold functions of the notebook.

    To look into all modules takes long, and writes to the memory of all they hold, which a forked child has to copy for that.
    The collector looks at who holds something without touching it, so most sessions are done with that.
    """
    functions = [each for each in gc.get_referrers(names) if type(each) is types.FunctionType]
    classes = [each for each in list(names.values()) if issubclass(type(each), type) and type.__getattribute__(each, "__module__") == "__main__"]
    holders = gc.get_referrers(*functions, *classes)
    wrapped = [each for each in holders if type(each) in _CALLED and type(each) is not types.FunctionType]
    if wrapped:
        holders += gc.get_referrers(*wrapped)
    own = {id(names)} | {id(held) for each in classes for held in gc.get_referents(each)}
    dictionaries = [each for each in holders if type(each) is dict and id(each) not in own]
    owners = [each for each in holders if type(each) is not dict] + (gc.get_referrers(*dictionaries) if dictionaries else [])
    known = {id(each) for each in classes}
    return any(id(each) not in known and _may_be_looked_into(type(each), each, dictionaries) for each in owners)


def _may_be_looked_into(type_, holder, dictionaries):
    if issubclass(type_, types.ModuleType) or type_.__module__ == "pandas.core.accessor":
        return True
    return issubclass(type_, type) and any(id(held) in {id(each) for each in dictionaries} for held in gc.get_referents(holder))


def _is_users_accessor(member):
    """What `pandas.api.extensions.register_series_accessor` and its like put into a class."""
    return type(member).__module__ == "pandas.core.accessor" and getattr(getattr(member, "_accessor", None), "__module__", None) == "__main__"


@kind("module")
class Module:
    """Variables of modules that the user wrote in files: the file makes them again, but with the values of its first line."""

    DEFINED = (types.ModuleType, types.FunctionType, type, types.BuiltinFunctionType)

    @classmethod
    def find(cls, _shell):
        for name, module in modules.loaded():
            file = modules.file_of(module)
            if name.startswith(("elastic_snapshot", "__main__", "__mp_main__")) or not file or modules.of_a_library(module):
                continue
            if not os.path.exists(file):
                continue
            names = modules.names_in(module).items()
            state = {key: value for key, value in names if not key.startswith("__") and not isinstance(value, cls.DEFINED)}
            if state:
                yield name, state

    @staticmethod
    def put(_shell, name, value):
        importlib.import_module(name).__dict__.update(value)
