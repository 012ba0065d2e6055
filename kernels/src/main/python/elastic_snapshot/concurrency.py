"""Locks, events, queues, pools, futures, and values bound to threads or contexts.

Names of this module are written into snapshots: keep them.
"""

import concurrent.futures
import contextvars
import queue
import sys
import threading

from elastic_snapshot.reducing import NONE, reduces, reduces_named, reduces_subclasses


def make_event(is_set):
    event = threading.Event()
    if is_set:
        event.set()
    return event


def make_semaphore(kind, value, bound):
    semaphore = kind(value if bound is None else bound)
    semaphore._value = value
    return semaphore


def make_queue(kind, maxsize, unfinished):
    made = kind(maxsize)
    made.unfinished_tasks = unfinished
    return made


def fill_queue(made, items):
    made.queue.extend(items)


def make_local(values):
    local = threading.local()
    local.__dict__.update(values)
    return local


def make_thread_pool(workers, prefix):
    return concurrent.futures.ThreadPoolExecutor(workers, prefix)


def make_future():
    return concurrent.futures.Future()


def fill_future(future, state):
    result, trouble = state
    if trouble is not None:
        future.set_exception(trouble)
    else:
        future.set_result(result)


def make_task_result(result, trouble, is_cancelled):
    import asyncio

    future = asyncio.get_event_loop().create_future()
    if is_cancelled:
        future.cancel()
    elif trouble is not None:
        future.set_exception(trouble)
        future.exception()  # so that nobody is told it was never looked at
    else:
        future.set_result(result)
    return future


def make_loop_bound(class_):
    return class_.__new__(class_)


def make_context_variable(name, default, value):
    variable = contextvars.ContextVar(name, default=default[0]) if default else contextvars.ContextVar(name)
    if value:
        variable.set(value[0])
        context_values.append((variable, value[0]))
    return variable


# Context variables that were made while restoring; whoever restores binds them in the cells' context, too.
context_values = []


@reduces(type(threading.Lock()))
def _lock(pickler, lock):
    if lock.locked():
        pickler.note("a lock that was held is free")
    return (threading.Lock, ())


@reduces(type(threading.RLock()))
def _reentrant_lock(pickler, lock):
    if "owner=0 " not in repr(lock):
        pickler.note("a lock that was held is free")
    return (threading.RLock, ())


@reduces(threading.Event)
def _event(_pickler, event):
    return (make_event, (event.is_set(),))


@reduces(threading.Semaphore, threading.BoundedSemaphore)
def _semaphore(_pickler, semaphore):
    return (make_semaphore, (type(semaphore), semaphore._value, getattr(semaphore, "_initial_value", None)))


@reduces(queue.Queue, queue.LifoQueue, queue.PriorityQueue)
def _queue(_pickler, made):
    items = list(made.queue)
    return (make_queue, (type(made), made.maxsize, made.unfinished_tasks), items, None, None, fill_queue)


@reduces(threading.local)
def _local(pickler, local):
    pickler.note("a threading.local holds the main thread's values only")
    return (make_local, (dict(local.__dict__),))


@reduces(concurrent.futures.ThreadPoolExecutor)
def _thread_pool(pickler, pool):
    if pool._shutdown:
        raise TypeError("this pool is shut down")
    if pool._work_queue.qsize():
        raise TypeError("this pool has work waiting")
    pickler.note("a thread pool starts its threads anew")
    return (make_thread_pool, (pool._max_workers, pool._thread_name_prefix))


@reduces(concurrent.futures.Future)
def _future(_pickler, future):
    if not future.done():
        raise TypeError("this future has no result yet")
    if future.cancelled():
        raise TypeError("this future was cancelled")
    trouble = future.exception()
    return (make_future, (), (None if trouble else future.result(), trouble), None, None, fill_future)


@reduces_named(("_asyncio", "Task"), ("_asyncio", "Future"))
def _task(pickler, task):
    if not task.done():
        raise TypeError("a running task does not outlive its event loop")
    pickler.note("a finished task comes back as a future with its result")
    if task.cancelled():
        return (make_task_result, (None, None, True))
    trouble = task.exception()
    return (make_task_result, (None if trouble else task.result(), trouble, False))


if sys.version_info >= (3, 10):
    from asyncio.mixins import _LoopBoundMixin

    @reduces_subclasses(_LoopBoundMixin)
    def _loop_bound(pickler, obj):
        """Locks, events and queues of asyncio: they bind themselves to the next loop that uses them."""
        state = dict(obj.__dict__)
        for name in ("_waiters", "_getters", "_putters"):
            if state.get(name):
                raise TypeError("a task waits for it")
        if state.get("_locked"):
            pickler.note("a lock that was held is free")
            state["_locked"] = False
        state["_loop"] = None
        return (make_loop_bound, (type(obj),), state)


@reduces(contextvars.ContextVar)
def _context_variable(_pickler, variable):
    value = variable.get(NONE)
    default = contextvars.Context().run(_default_of, variable)
    return (make_context_variable, (variable.name, default, () if value is NONE else (value,)))


def _default_of(variable):
    """In an empty context a variable shows its default."""
    value = variable.get(NONE)
    if value is not NONE:
        return (value,)
    try:
        return (variable.get(),)
    except LookupError:
        return ()


@reduces(contextvars.Token, contextvars.Context)
def _context(_pickler, _obj):
    raise TypeError("a context belongs to its process")
