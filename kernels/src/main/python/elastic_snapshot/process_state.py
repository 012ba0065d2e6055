"""State of the process that is not in variables: folder, environment, search path, arguments, random state, settings of the
standard library. Each part is put back on its own, and one that cannot be is reported."""

import fnmatch
import os
import sys
import time

from elastic_snapshot.pickling import reason_of


def environment_of_the_start():
    """What the process was started with; the Pod's own variables stay those of the new Pod."""
    try:
        with open("/proc/self/environ", "rb") as file:
            pairs = [each.partition(b"=") for each in file.read().split(b"\0") if b"=" in each]
    except OSError:
        return None
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}


def environment_changes(secret_patterns):
    """(set, deleted, secret): names with values, names, and names of what is not written."""
    start = environment_of_the_start()
    if start is None:
        return {}, [], []
    now = dict(os.environ)
    changed = {name: value for name, value in now.items() if start.get(name) != value}
    secret = sorted(name for name in changed if any(fnmatch.fnmatchcase(name, each) for each in secret_patterns))
    for name in secret:
        del changed[name]
    return changed, [name for name in start if name not in now], secret


def before_fork():
    """What a forked child finds changed, or changes itself."""
    import gc
    import random

    return {"random": random.getstate(), "recursion_limit": sys.getrecursionlimit(), "collects": gc.isenabled()}


def take(secret_patterns, before):
    """`before` is what before_fork() gave, before a child was forked or the collector stopped."""
    import decimal
    import gc
    import logging
    import socket
    import warnings

    changed, deleted, secret = environment_changes(secret_patterns)
    state = {
        "directory": _directory(),
        "environment": (changed, deleted),
        "secret": secret,
        "path": list(sys.path),
        "arguments": list(sys.argv),
        "recursion_limit": before["recursion_limit"],
        "random": before["random"],
        "collector": (before["collects"], gc.get_threshold()),
        "socket_timeout": socket.getdefaulttimeout() if "socket" in sys.modules else None,
        "level_names": dict(logging._levelToName),
        "warnings": list(warnings.filters),
        "loggers": _levels(),
    }
    context = decimal.getcontext()
    traps = [each.__name__ for each, active in context.traps.items() if active]
    state["decimal"] = (context.prec, context.rounding, context.Emin, context.Emax, context.capitals, context.clamp, traps)
    if "locale" in sys.modules:
        import locale

        state["locale"] = locale.setlocale(locale.LC_ALL)
    return state


def _directory():
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None


def _levels():
    import logging

    named = [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    levels = {each.name: (each.level, each.propagate, each.disabled) for each in named if each.level or not each.propagate or each.disabled}
    levels[""] = (logging.root.level, True, logging.root.disabled)
    return levels


def put_back_first(state, tell):
    """Before anything is imported: where from, and with which environment."""
    changed, deleted = state["environment"]
    os.environ.update(changed)
    for name in deleted:
        os.environ.pop(name, None)
    if "TZ" in changed or "TZ" in deleted:
        time.tzset()
    for name in state["secret"]:
        tell("environment %s" % name, "str", "its value is secret and was not written")
    if state["directory"] is None:
        tell("working directory", "str", "it was deleted")
    else:
        try:
            os.chdir(state["directory"])
        except OSError as trouble:
            tell("working directory", "str", reason_of(trouble))
    sys.path[:] = state["path"] + [each for each in sys.path if each not in state["path"]]
    sys.argv[1:] = state["arguments"][1:]


def put_back_last(state, tell):
    """After all imports, some of which set these themselves."""
    import random

    for what, put in (("decimal context", _decimal), ("warning filters", _warnings), ("logging levels", _loggers), ("locale", _locale)):
        try:
            put(state)
        except Exception as trouble:
            tell(what, "settings", reason_of(trouble))
    random.setstate(state["random"])
    if state["socket_timeout"] is not None:
        import socket

        socket.setdefaulttimeout(state["socket_timeout"])


def put_back_after_all(state, tell):
    """What would change how the restore itself runs."""
    import gc

    collects, threshold = state["collector"]
    gc.set_threshold(*threshold)
    gc.enable() if collects else gc.disable()
    try:
        sys.setrecursionlimit(state["recursion_limit"])
    except RecursionError as trouble:
        tell("recursion limit", "int", reason_of(trouble))


def _decimal(state):
    import decimal

    precision, rounding, smallest, largest, capitals, clamp, traps = state["decimal"]
    context = decimal.getcontext()
    context.prec, context.rounding, context.Emin, context.Emax = precision, rounding, smallest, largest
    context.capitals, context.clamp = capitals, clamp
    for signal in context.traps:
        context.traps[signal] = signal.__name__ in traps


def _warnings(state):
    import pickle
    import warnings

    warnings.filters[:] = pickle.loads(state["warnings"])
    for name in ("_filters_mutated", "_filters_mutated_lock_held"):
        mutated = getattr(warnings, name, None)
        if mutated is not None:
            mutated()
            break


def _loggers(state):
    import logging

    for level, name in state["level_names"].items():
        logging.addLevelName(level, name)
    for name, (level, propagate, disabled) in state["loggers"].items():
        logger = logging.getLogger(name or None)
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled


def _locale(state):
    if "locale" in state:
        import locale

        locale.setlocale(locale.LC_ALL, state["locale"])
