"""What belongs to the user: names of the notebook, and state of IPython that holds the user's objects."""

import ast
import gc
import os
import re
import signal
import sys
import types

from elastic_snapshot import modules
from elastic_snapshot.reducing import NONE

_OF_IPYTHON = {
    "In", "Out", "_ih", "_oh", "_dh", "_", "__", "___", "_i", "_ii", "_iii", "_exit_code", "get_ipython", "exit", "quit", "open",
    "__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtin__", "__builtins__", "__annotations__",
    "__annotate__", "__conditional_annotations__", "__session__", "__vsc_ipynb_file__",
}  # fmt: skip

# Keys of `held_elsewhere`; a user may bind names that are no identifiers, too.
_ELSEWHERE = re.compile(
    r"Out\[\d+\]|_{1,3}|%{1,2}magic .+|event .+ \d+|formatter .+|sys\.\w+|signal SIG\w+|logger .+|patch [\w.]+:.+|module [\w.]+", re.DOTALL
)

EXCLUDING = "__elastic_exclude__"  # a list in which the user names what shall not be written


def names_of(shell):
    """The user's names, in the order they were bound."""
    names, hidden, outputs = shell.user_ns, shell.user_ns_hidden, shell.user_ns.get("_oh", {})
    return [name for name in list(names) if isinstance(name, str) and not _is_ipythons(name, names, hidden, outputs)]


def _is_ipythons(name, names, hidden, outputs):
    value = names[name]
    if name in _OF_IPYTHON:
        # `open`, `exit` and `quit` are the user's where they hold something else than IPython put there.
        return name not in ("open", "exit", "quit", "get_ipython") or hidden.get(name, NONE) is value or _is_quitter(value)
    if name[:2] == "_i" and name[2:].isdigit():
        return True
    if name[:1] == "_" and name[1:].isdigit():
        return isinstance(outputs, dict) and outputs.get(int(name[1:]), NONE) is value
    return hidden.get(name, NONE) is value


def is_bound_anew(name):
    """Whether IPython binds a name to something else with each cell, so that it refers to nothing for long."""
    return name in _OF_IPYTHON or name[:1] == "_" and name.lstrip("_i").isdigit()


def _is_quitter(value):
    return type(value).__module__ == "IPython.core.autocall" or getattr(value, "__module__", None) in ("io", "_io") or (
        isinstance(value, types.FunctionType) and value.__module__.startswith("IPython.")
    ) or isinstance(value, types.MethodType) and type(value.__self__).__module__.startswith(("IPython.", "ipykernel."))


def excluded(shell):
    wanted = shell.user_ns.get(EXCLUDING)
    return [name for name in wanted if isinstance(name, str)] if isinstance(wanted, (list, tuple, set)) else []


def held_elsewhere(shell):
    """(key, object): what is no variable but holds the user's objects. `ipython_state` and `process_state` put them back."""
    names = shell.user_ns
    found = [("Out[%s]" % number, value) for number, value in list(names.get("_oh", {}).items())]
    for name in ("_", "__", "___"):
        value = names.get(name, "")
        if not (isinstance(value, str) and value == ""):
            found.append((name, value))
    for kind in ("line", "cell"):
        for name, function in shell.magics_manager.magics[kind].items():
            if _is_users(function, names):
                found.append(("%smagic %s" % ("%" if kind == "line" else "%%", name), function))
    for event, callbacks in shell.events.callbacks.items():
        for index, function in enumerate(callbacks):
            if _is_users(function, names):
                found.append(("event %s %d" % (event, index), function))
    for mime, formatter in shell.display_formatter.formatters.items():
        for type_, function in list(formatter.type_printers.items()):
            if _is_users(function, names):
                found.append(("formatter %s %s" % (mime, type_.__qualname__), (type_, function)))
    for hook in ("excepthook", "displayhook", "unraisablehook"):
        function = getattr(sys, hook, None)
        if _is_users(function, names):
            found.append(("sys.%s" % hook, function))
    for number in _signals():
        handler = signal.getsignal(number)
        if _is_users(handler, names):
            found.append(("signal %s" % signal.Signals(number).name, handler))
    found += _logging(names) + _patches(names) + _modules()
    known = {key for key, _value in found}
    return found + [(key, value) for key, value in _attributes_of_modules(names) if key not in known]


def is_elsewhere(name):
    """Whether a key is one of `held_elsewhere`, rather than a variable's name."""
    return _ELSEWHERE.fullmatch(name) is not None


def _is_users(function, names):
    # By exact types: asking a lazy object for an attribute would wake it.
    if type(function) in (types.MethodType, staticmethod, classmethod):
        function = function.__func__
    elif type(function) is property:
        function = function.fget
    return type(function) is types.FunctionType and function.__globals__ is names


def is_held(shell):
    """Whether anything but functions, and IPython itself, holds the namespace as a whole."""
    known = {id(vars(shell)), id(getattr(shell, "ns_table", None))}
    for each in gc.get_referrers(shell.user_ns):
        type_ = type(each)
        is_code = issubclass(type_, (types.FunctionType, types.FrameType, types.ModuleType))
        if not is_code and id(each) not in known and type_.__module__.partition(".")[0] not in ("IPython", "ipykernel"):
            return True
    return False


def _signals():
    return [number for number in signal.Signals if number not in (signal.SIGINT, signal.SIGALRM, signal.SIGCHLD)]


def _logging(_names):
    import logging

    found = []
    for logger in [logging.root] + [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]:
        if logger.name.partition(".")[0] in ("traitlets", "IPKernelApp", "tornado", "asyncio", "parso"):
            continue
        handlers = [each for each in logger.handlers if not isinstance(each, logging.NullHandler)]
        if handlers:
            found.append(("logger %s" % logger.name, handlers))
    return found


def _patches(names):
    """Functions of the notebook that were put into a library's module or class."""
    found = []
    for module_name, module in modules.loaded():
        own = modules.names_in(module)
        if own is names or module_name in ("sys", "signal"):
            continue
        for name, value in list(own.items()):
            if type(value) is types.FunctionType:
                if value.__globals__ is names:
                    found.append(("patch %s:%s" % (module_name, name), value))
            elif issubclass(type(value), type) and value.__module__ == module_name:
                for attribute, member in list(vars(value).items()):
                    if _is_users(member, names) or _is_users_accessor(member):
                        found.append(("patch %s:%s.%s" % (module_name, value.__qualname__, attribute), member))
    return found


def _is_users_accessor(member):
    """What `pandas.api.extensions.register_series_accessor` and its like put into a class."""
    type_ = type(member)
    return type_.__module__ == "pandas.core.accessor" and getattr(getattr(member, "_accessor", None), "__module__", None) == "__main__"


_SETS_ATTRIBUTE = re.compile(r"\w\s*\.\s*\w+\s*(=[^=]|[-+*/|&]=|,|:)")
_NOT_PUT_BACK = {"__main__", "builtins", "sys", "signal", "os"}


def _attributes_of_modules(names):
    """Settings that cells put on modules of libraries, as `library.setting = value`: nothing else than the cells tells of them."""
    found = {}
    for cell in names.get("_ih", ()):
        if not _SETS_ATTRIBUTE.search(cell):
            continue
        try:
            nodes = list(ast.walk(ast.parse(cell)))
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                module = _module_named(node.value, names)
                if module is not None and modules.of_a_library(module) and node.attr in dir(module):
                    value = getattr(module, node.attr)
                    if type(value) is not types.ModuleType:
                        found["patch %s:%s" % (module.__name__, node.attr)] = value
    return list(found.items())


def _module_named(node, names):
    """The module that an expression such as `a.b` in a cell names, or None."""
    if isinstance(node, ast.Name):
        value = names.get(node.id)
    elif isinstance(node, ast.Attribute):
        owner = _module_named(node.value, names)
        value = modules.names_in(owner).get(node.attr) if owner is not None else None
    else:
        return None
    is_module = issubclass(type(value), types.ModuleType) and sys.modules.get(value.__name__) is value
    return value if is_module and value.__name__ not in _NOT_PUT_BACK else None


def _modules():
    """Variables of the modules that the user wrote in files: the file makes them again, but with the values of its first line."""
    found = []
    for name, module in modules.loaded():
        file = modules.file_of(module)
        if name.startswith(("elastic_snapshot", "__main__", "__mp_main__")) or not file or modules.of_a_library(module):
            continue
        if not os.path.exists(file):
            continue
        state = {key: value for key, value in modules.names_in(module).items() if not key.startswith("__") and not isinstance(value, _DEFINED)}
        if state:
            found.append(("module %s" % name, state))
    return found


_DEFINED = (types.ModuleType, types.FunctionType, type, types.BuiltinFunctionType)


def made_by(shell, name):
    """The number of the newest cell that bound a name, or None."""
    cells = shell.user_ns.get("_ih", [])
    for number in range(len(cells) - 1, 0, -1):
        if name in cells[number]:
            try:
                tree = ast.parse(cells[number])
            except SyntaxError:
                continue
            if any(_binds(node, name) for node in ast.walk(tree)):
                return number
    return None


def _binds(node, name):
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Store)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name == name
    if isinstance(node, ast.alias):
        return (node.asname or node.name) == name
    return False
