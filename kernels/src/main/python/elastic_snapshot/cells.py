"""What the text of the cells tells that nothing in memory does."""

import ast
import re
import types

from elastic_snapshot import modules

_SETS_ATTRIBUTE = re.compile(r"\w\s*\.\s*\w+\s*(=[^=]|[-+*/|&]=|,|:)")
_NOT_PUT_BACK = {"__main__", "sys", "signal", "os"}

# Calls that change the process in a way that is not seen and not done again.
_NOT_REPEATED = (
    "asyncio.set_event_loop_policy", "atexit.register", "codecs.register", "codecs.register_error", "faulthandler.enable",
    "faulthandler.dump_traceback_later", "gc.freeze", "gc.set_debug", "mimetypes.add_type", "multiprocessing.set_start_method", "os.nice",
    "os.sched_setaffinity", "os.umask", "resource.setrlimit", "signal.alarm", "signal.setitimer", "sys.addaudithook", "sys.setprofile",
    "sys.settrace", "threading.setprofile", "threading.settrace", "threading.stack_size", "tracemalloc.start",
)  # fmt: skip
_LAST_WORDS = re.compile(r"\b(%s)\s*\(" % "|".join(sorted({each.rpartition(".")[2] for each in _NOT_REPEATED})))


def attributes_of_modules(names):
    """("module:attribute", value) of what cells put on modules of libraries, as `library.setting = value`."""
    found = {}
    for _number, tree in _parsed(names, _SETS_ATTRIBUTE):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                module = _named(node.value, names)
                if _is_librarys(module) and node.attr in dir(module):
                    value = getattr(module, node.attr)
                    if type(value) is not types.ModuleType:
                        found["%s:%s" % (module.__name__, node.attr)] = value
    return list(found.items())


def calls_not_repeated(names):
    """(name of a function, number of the newest cell that calls it)."""
    known = {id(function): name for name in _NOT_REPEATED for function in [_function(name)] if function is not None}
    found = {}
    for number, tree in _parsed(names, _LAST_WORDS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = known.get(id(_named(node.func, names)))
                if name:
                    found[name] = number
    return list(found.items())


def _parsed(names, words):
    for number, cell in enumerate(names.get("_ih", ())):
        if words.search(cell):
            try:
                yield number, ast.parse(cell)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # it did not run


def _function(name):
    module, _, attribute = name.rpartition(".")
    return modules.names_in(modules.of_name(module)).get(attribute) if modules.of_name(module) is not None else None


def _named(node, names):
    """What `a.b` in a cell is by now, where it goes by modules; else None."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _named(node.value, names)
        return modules.names_in(owner).get(node.attr) if issubclass(type(owner), types.ModuleType) else None
    return None


def _is_librarys(module):
    is_module = issubclass(type(module), types.ModuleType) and modules.of_name(module.__name__) is module
    return is_module and module.__name__ not in _NOT_PUT_BACK and modules.of_a_library(module)
