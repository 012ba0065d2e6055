"""Handlers that the user gave to loggers.

Names of this module are written into snapshots: keep them.
"""

import logging

from elastic_snapshot.reducing import reduces_subclasses


def make_handler(class_):
    return class_.__new__(class_)


def fill_handler(handler, state):
    handler.__dict__.update(state)
    handler.createLock()
    logging._addHandlerRef(handler)


@reduces_subclasses(logging.Handler)
def _handler(pickler, handler):
    type_ = type(handler)
    if type_.__module__.startswith("logging.") and type_.__name__ not in ("RotatingFileHandler", "TimedRotatingFileHandler", "MemoryHandler"):
        raise TypeError("this handler holds a connection or a thread")
    state = {name: value for name, value in handler.__dict__.items() if name != "lock"}
    return (make_handler, (type_,), state, None, None, fill_handler)


@reduces_subclasses(logging.Logger)
def _logger(_pickler, logger):
    if logging.getLogger(logger.name) is logger or logger is logging.root:
        return (logging.getLogger, () if logger is logging.root else (logger.name,))
    return NotImplemented
