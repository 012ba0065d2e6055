"""What ends a call: one type, with the code that the gateway reads."""


class SnapshotFailure(Exception):
    """A call that cannot do what it was asked for; `code` is one of those in the contract."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


class Hang(BaseException):
    """User code did not end within its time. No Exception, so that a broad `except` of the user does not swallow it."""
