"""Whether this process can be forked to save it, and what the child does first."""

import contextlib
import os
import signal
import sys
import warnings

HEADROOM_BYTES = 256 << 20
STACK_BYTES = 100 << 20
CHILD_DEPTH = 60_000  # fits that stack in the C pickler up to Python 3.11


def why_not():
    """The reason against a fork, or None."""
    if not hasattr(os, "fork"):
        return "this system has none"
    if cuda_in_use():
        return "CUDA is in use"
    room = _room_in_container()
    if room is not None and room < HEADROOM_BYTES:
        return "the container has %d MB of memory left" % (room >> 20)
    return None


def cuda_in_use():
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "cuda") and torch.cuda.is_initialized():
        return True
    try:
        descriptors = os.listdir("/proc/self/fd")
    except OSError:
        return False
    for each in descriptors:
        with contextlib.suppress(OSError):
            if os.readlink("/proc/self/fd/" + each).startswith("/dev/nvidia"):
                return True
    return False


def _room_in_container():
    """What the memory limit leaves. Past it the kernel kills the whole container, not the child alone."""
    try:
        with open("/sys/fs/cgroup/memory.max") as file:
            limit = file.read().strip()
        if limit == "max":
            return None
        with open("/sys/fs/cgroup/memory.current") as file:
            return int(limit) - int(file.read())
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def quiet_warnings():
    """Python 3.12 warns of a fork beside threads: the child here runs no code that waits for one."""
    if sys.version_info < (3, 12):
        yield
        return
    filters = warnings.filters[:]
    warnings.filterwarnings("ignore", message=".*fork.*", category=DeprecationWarning)
    try:
        yield
    finally:
        warnings.filters[:] = filters
        getattr(warnings, "_filters_mutated", getattr(warnings, "_filters_mutated_lock_held", lambda: None))()


def settle():
    """In the child: deep structures get a deep stack, and where memory is short this process goes first."""
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the kernel is interrupted, and ends this process
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a connection that is lost is an error like others
    with contextlib.suppress(OSError, ValueError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, hard))
        sys.setrecursionlimit(max(sys.getrecursionlimit(), CHILD_DEPTH))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
