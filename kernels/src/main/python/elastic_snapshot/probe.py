"""What keeps a kernel busy although no cell runs."""

import asyncio
import contextlib
import os
import platform
import sys
import threading

from elastic_snapshot import VERSION, forking, functions, keep_awake, session

# Threads of the kernel itself and of libraries that keep idle ones.
_OF_THE_KERNEL = ("Heartbeat", "Control", "IOPub", "IPythonHistorySavingThread", "Thread-watch_parent", "elastic-snapshot", "Parent", "pydevd", "Shell", "Subshell")
_IDLE_PACKAGES = ("ipykernel", "IPython", "zmq", "tornado", "debugpy", "pydevd", "asyncio", "concurrent", "threading", "tqdm", "joblib", "jupyter_client", "traitlets")


def probe():
    state = session.state()
    if "IPython" in sys.modules:
        keep_awake.install(functions.shell())
    return {
        "status": "probed",
        "busy": _threads() + _processes() + _tasks() + _cuda() + keep_awake.busy(),
        "fork": forking.why_not() is None,
        "saving": state.child is not None,
        "damaged": list(state.damaged),
        "helper": VERSION,
        "python": platform.python_version(),
        "awake_until": keep_awake.until(),
    }


def _threads():
    frames = sys._current_frames()
    found = []
    for thread in threading.enumerate():
        if thread is threading.main_thread() or thread is threading.current_thread() or thread.name.startswith(_OF_THE_KERNEL):
            continue
        frame = frames.get(thread.ident)
        if isinstance(thread, threading.Timer) or _runs_c(frame) or _runs_users_code(frame):
            found.append({"kind": "thread", "name": thread.name})
    return found


def _runs_c(frame):
    """Whether a thread's target is a function of C: it has no frame of its own, and the libraries' threads have Python's.

    By name, since ipykernel 6 puts a function of its own in the place of Thread.run, which calls it.
    """
    return frame is not None and (frame.f_globals.get("__name__"), frame.f_code.co_name) == ("threading", "run")


def _runs_users_code(frame):
    """Whether anything but a library waits in it."""
    while frame is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package not in _IDLE_PACKAGES:
            return True
        frame = frame.f_back
    return False


def _processes():
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            children = file.read().split()
    except OSError:
        return []
    kernel_began = _kernel_began()
    found = []
    for child in children:
        with contextlib.suppress(OSError):
            state, began = _state_and_begin("/proc/%s/stat" % child)
            with open("/proc/%s/comm" % child) as file:
                name = file.read().strip()
            if state != "Z" and began > kernel_began and int(child) != session.state().child:
                found.append({"kind": "process", "name": name, "pid": int(child)})
    return found


def _kernel_began():
    """When the kernel could not have run a cell yet: what it has from before is its launcher's, such as a listener for signals."""
    for thread in threading.enumerate():
        if thread.name.startswith("IOPub"):
            with contextlib.suppress(OSError):
                return _state_and_begin("/proc/self/task/%d/stat" % thread.native_id)[1]
    return -1


def _state_and_begin(path):
    """Its letter, and when it began, in ticks since the machine did; the name before may hold anything. See proc_pid_stat(5)."""
    with open(path) as file:
        fields = file.read().rpartition(")")[2].split()
    return fields[0], int(fields[19])


def _tasks():
    found = []
    for task in list(asyncio.tasks._all_tasks if hasattr(asyncio.tasks, "_all_tasks") else []) or _all_tasks():
        if task is None or task.done():
            continue
        coroutine = task.get_coro()
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and frame.f_globals.get("__name__") == "__main__":
            found.append({"kind": "task", "name": coroutine.__qualname__})
    return found


def _all_tasks():
    loop = _main_loop()
    return asyncio.all_tasks(loop) if loop is not None else []


def _main_loop():
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def _cuda():
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "cuda") or not torch.cuda.is_initialized():
        return []
    return [{"kind": "cuda", "name": torch.cuda.get_device_name(), "bytes": torch.cuda.memory_allocated()}]
