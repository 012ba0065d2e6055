"""What stands for things that could not be kept."""


class SnapshotLost(RuntimeError):
    """Raised when a part is used that was lost when its kernel was hibernated."""


class LostPart:
    """Stands inside a container for a part that could not be saved, and says so on every use.

    A variable as a whole gets no such stand-in: its name stays unbound, so that `except NameError` works as ever.
    """

    def __init__(self, type_name, reason):
        self.__dict__["_lost"] = (type_name, reason)

    def _refuse(self, *_arguments, **_named):
        raise SnapshotLost("this %s was lost when its kernel was hibernated: %s" % self.__dict__["_lost"])

    def __repr__(self):
        return "<lost at hibernation: %s (%s)>" % self.__dict__["_lost"]

    def __reduce__(self):
        return (LostPart, self.__dict__["_lost"])

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        self._refuse()

    def __setattr__(self, name, value):
        self._refuse()

    __call__ = __iter__ = __next__ = __enter__ = __len__ = __getitem__ = __setitem__ = __contains__ = _refuse
    __add__ = __radd__ = __float__ = __int__ = __bool__ = _refuse
