"""What belongs to the user: names of the notebook, rather than those that IPython has put there."""

import ast
import gc
import types

from elastic_snapshot.reducing import NONE

_OF_IPYTHON = {
    "In", "Out", "_ih", "_oh", "_dh", "_", "__", "___", "_i", "_ii", "_iii", "_exit_code", "get_ipython", "exit", "quit", "open",
    "__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtin__", "__builtins__", "__annotations__",
    "__annotate__", "__conditional_annotations__", "__session__", "__vsc_ipynb_file__",
}  # fmt: skip

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


def is_users(function, names):
    """Whether it is a function, method or property over the notebook's names."""
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
