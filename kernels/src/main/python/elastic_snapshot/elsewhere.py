"""What is no variable but holds the user's objects: outputs, magics, hooks, formatters, handlers.

Each kind is found before a save and put back after a restore, side by side here. Its key, the kind and a name, is what reports
tell: `Out[4]`, `_`, `%magic name`, `event pre_run_cell 0`. `patches` has the kinds that are found in modules.
"""

import contextlib
import re
import signal
import sys

from elastic_snapshot.namespace import is_users

_OUTPUT = re.compile(r"Out\[(\d+)\]")
_LAST_OUTPUTS = ("_", "__", "___")

_finders = []
_put_back = {}


def kind(name):
    """Registers a class with `find(shell)`, which yields (rest of the key, object), and `put(shell, rest, object)`."""

    def register(class_):
        _finders.append((name, class_.find))
        _put_back[name] = class_.put
        return class_

    return register


def held(shell):
    """({key: object} of everything, {key: reason} of the kinds that could not be looked through)."""
    names = shell.user_ns
    found = {"Out[%s]" % number: value for number, value in list(names.get("_oh", {}).items())}
    for name in _LAST_OUTPUTS:
        value = names.get(name, "")
        if not (isinstance(value, str) and value == ""):
            found[name] = value
    troubles = {}
    for kind_name, find in _finders:
        try:
            for rest, value in find(shell):
                found.setdefault("%s %s" % (kind_name, rest), value)
        except Exception as trouble:  # an object of the user that does not let itself be looked at
            troubles["%s ?" % kind_name] = "could not be looked for: %s" % type(trouble).__name__
    return found, troubles


def is_key(name):
    """Whether a name is one of `held`, rather than a variable's, which need be no identifier either."""
    word, space, _rest = name.partition(" ")
    return name in _LAST_OUTPUTS or _OUTPUT.fullmatch(name) is not None or bool(space) and word in _put_back


def put(shell, key, value):
    output = _OUTPUT.fullmatch(key)
    if output:
        shell.user_ns["_oh"][int(output.group(1))] = value
        shell.user_ns["_%s" % output.group(1)] = value
    elif key in _LAST_OUTPUTS:
        shell.user_ns[key] = value
        setattr(shell.displayhook, key, value)
    else:
        word, _, rest = key.partition(" ")
        _put_back[word](shell, rest, value)


def _is_users_object(value, names):
    return is_users(value, names) or type(value).__module__ == "__main__"


class _Magic:
    which = None

    @classmethod
    def find(cls, shell):
        return [(name, value) for name, value in shell.magics_manager.magics[cls.which].items() if is_users(value, shell.user_ns)]

    @classmethod
    def put(cls, shell, name, value):
        shell.magics_manager.register_function(value, cls.which, name)


@kind("%magic")
class LineMagic(_Magic):
    which = "line"


@kind("%%magic")
class CellMagic(_Magic):
    which = "cell"


@kind("event")
class Event:
    """Functions that IPython calls before and after cells."""

    @staticmethod
    def find(shell):
        for event, callbacks in shell.events.callbacks.items():
            for index, function in enumerate(callbacks):
                if is_users(function, shell.user_ns):
                    yield "%s %d" % (event, index), function

    @staticmethod
    def put(shell, rest, value):
        event = rest.split(" ")[0]
        if value not in shell.events.callbacks[event]:
            shell.events.register(event, value)


@kind("formatter")
class Formatter:
    @staticmethod
    def find(shell):
        for mime, formatter in shell.display_formatter.formatters.items():
            for type_, function in list(formatter.type_printers.items()):
                if is_users(function, shell.user_ns):
                    yield "%s %s" % (mime, type_.__qualname__), (type_, function)

    @staticmethod
    def put(shell, rest, value):
        shell.display_formatter.formatters[rest.split(" ")[0]].for_type(*value)


@kind("transformer")
class Transformer:
    """What changes cells before they run, as text or as syntax tree."""

    LISTS = ("input_transformers_cleanup", "input_transformers_post", "ast_transformers")

    @classmethod
    def find(cls, shell):
        for name in cls.LISTS:
            for index, value in enumerate(getattr(shell, name, ())):
                if _is_users_object(value, shell.user_ns):
                    yield "%s %d" % (name, index), value

    @staticmethod
    def put(shell, rest, value):
        transformers = getattr(shell, rest.split(" ")[0])
        if not any(each is value for each in transformers):
            transformers.append(value)


@kind("exceptions")
class Exceptions:
    """What `set_custom_exc` was given. IPython keeps the handler inside a function of its own."""

    @staticmethod
    def find(shell):
        if shell.custom_exceptions:
            for cell in getattr(getattr(shell.CustomTB, "__func__", None), "__closure__", None) or ():
                if is_users(cell.cell_contents, shell.user_ns):
                    yield "handler", (shell.custom_exceptions, cell.cell_contents)

    @staticmethod
    def put(shell, _rest, value):
        shell.set_custom_exc(*value)


@kind("comm")
class Comm:
    """Functions that answer widgets."""

    @staticmethod
    def find(shell):
        targets = getattr(getattr(getattr(shell, "kernel", None), "comm_manager", None), "targets", {})
        return [(name, value) for name, value in targets.items() if is_users(value, shell.user_ns)]

    @staticmethod
    def put(shell, name, value):
        shell.kernel.comm_manager.register_target(name, value)


@kind("hook")
class Hook:
    NAMES = ("excepthook", "displayhook", "unraisablehook")

    @classmethod
    def find(cls, shell):
        return [(name, getattr(sys, name)) for name in cls.NAMES if is_users(getattr(sys, name, None), shell.user_ns)]

    @staticmethod
    def put(_shell, name, value):
        setattr(sys, name, value)


@kind("import")
class ImportHook:
    @staticmethod
    def find(shell):
        return [("hook %d" % index, value) for index, value in enumerate(sys.meta_path) if _is_users_object(value, shell.user_ns)]

    @staticmethod
    def put(_shell, rest, value):
        if not any(each is value for each in sys.meta_path):
            sys.meta_path.insert(int(rest.split(" ")[1]), value)


@kind("signal")
class Signal:
    @staticmethod
    def find(shell):
        for number in signal.Signals:
            if number not in (signal.SIGINT, signal.SIGALRM, signal.SIGCHLD) and is_users(signal.getsignal(number), shell.user_ns):
                yield number.name, signal.getsignal(number)

    @staticmethod
    def put(_shell, name, value):
        signal.signal(getattr(signal, name), value)


@kind("pickler")
class Pickler:
    """What `copyreg.pickle` was given for classes of the notebook."""

    @staticmethod
    def find(shell):
        import copyreg

        for class_, function in list(copyreg.dispatch_table.items()):
            if class_.__module__ == "__main__" or is_users(function, shell.user_ns):
                yield class_.__qualname__, (class_, function)

    @staticmethod
    def put(_shell, _rest, value):
        import copyreg

        copyreg.pickle(*value)


@kind("logger")
class Logger:
    """Handlers and filters of loggers."""

    OF_THE_KERNEL = ("traitlets", "IPKernelApp", "tornado", "asyncio", "parso")

    @classmethod
    def find(cls, _shell):
        import logging

        for logger in [logging.root] + list(logging.Logger.manager.loggerDict.values()):
            if isinstance(logger, logging.Logger) and logger.name.partition(".")[0] not in cls.OF_THE_KERNEL:
                handlers = [each for each in logger.handlers if not isinstance(each, logging.NullHandler)]
                if handlers or logger.filters:
                    yield logger.name, (handlers, list(logger.filters))

    @staticmethod
    def put(_shell, name, value):
        import logging

        logger = logging.getLogger(name if name != "root" else None)
        handlers, filters = value
        if not logger.handlers:
            for each in handlers:
                logger.addHandler(each)
        if not logger.filters:
            logger.filters[:] = filters


@contextlib.contextmanager
def told(tell, key):
    """What cannot be put back is told, and costs nothing else."""
    from elastic_snapshot.pickling import reason_of

    try:
        yield
    except Exception as trouble:
        tell(key, "state", reason_of(trouble))
