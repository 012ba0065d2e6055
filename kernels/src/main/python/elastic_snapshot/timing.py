"""A time limit for user code, by a timer signal; where signals do not arrive, the watchdog of the forked child is the limit."""

import signal
import threading
import time

from elastic_snapshot.failure import Hang


IMPORT_SECONDS = 180  # a library that is imported first, from a cold disk, takes what it takes


def _imports(frame):
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


class TimeLimit:
    """Raises Hang in its block after some seconds, and again each second, in case user code swallowed it."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.active = False

    def __enter__(self):
        self.active = bool(self.seconds) and threading.current_thread() is threading.main_thread()
        if self.active:
            self.last_for_imports = time.monotonic() + IMPORT_SECONDS
            self.handler = signal.signal(signal.SIGALRM, self._fire)
            self.timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, 1.0)
        return self

    def _fire(self, _number, frame):
        if time.monotonic() < self.last_for_imports and _imports(frame):
            return  # the timer comes again
        raise Hang("no end within %g seconds" % self.seconds)

    def __exit__(self, *_exception):
        if self.active:
            signal.setitimer(signal.ITIMER_REAL, 0)
            # A handler that was not set from Python is None, and cannot be put back from here.
            signal.signal(signal.SIGALRM, signal.SIG_DFL if self.handler is None else self.handler)
            if self.timer[0]:
                signal.setitimer(signal.ITIMER_REAL, *self.timer)
