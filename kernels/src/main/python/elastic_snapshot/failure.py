"""What ends a call: one type, with the code that the gateway reads."""


import signal


class SnapshotFailure(Exception):
    """A call that cannot do what it was asked for; `code` is one of those in the contract."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


class Hang(BaseException):
    """User code did not end within its time. No Exception, so that a broad `except` of the user does not swallow it."""


def is_interrupt(trouble):
    """Whether somebody wants the call to end. Nobody interrupts a forked child: there it is the user's code that raises it."""
    return isinstance(trouble, KeyboardInterrupt) and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
