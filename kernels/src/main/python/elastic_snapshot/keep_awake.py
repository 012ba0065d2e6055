"""`%keep_awake`: the user's word that the idle kernel shall keep its process for a while.

The magic is there once the gateway has asked the kernel for the first time whether it may hibernate, and after each restore.
"""

import re
import time

from elastic_snapshot import session

NAME = "keep_awake"
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def install(shell):
    """Registers the magic, unless the user has one of that name."""
    magics = shell.magics_manager.magics["line"]
    known = magics.get(NAME)
    if known is None or getattr(known, "__module__", None) == __name__:
        shell.magics_manager.register_function(_magic, "line", NAME)


def until():
    """Seconds since 1970, or None."""
    wanted = session.state().awake_until
    return wanted if wanted is not None and wanted > time.time() else None


def busy():
    """What a probe tells of it."""
    wanted = until()
    return [] if wanted is None else [{"kind": "%keep_awake", "name": "until %s" % _clock(wanted)}]


def seconds_of(text):
    """The length of `2h`, `1h30m` or `1d`, or None where it is none."""
    found = _DURATION.fullmatch(text.replace(" ", "").lower())
    if not text.strip() or not found:
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in zip(found.groups(), "dhms") if number) or None


def _magic(line):
    """Keeps this kernel's process although it is idle: `%keep_awake 2h`, `%keep_awake 1d12h`, `%keep_awake off`; alone it shows."""
    wish = line.strip()
    state = session.state()
    if wish == "off":
        state.awake_until = None
    elif wish:
        seconds = seconds_of(wish)
        if seconds is None:
            from IPython.core.error import UsageError

            raise UsageError("%%keep_awake takes a time such as 2h, 90m or 1d12h, or off; not %r" % wish)
        state.awake_until = time.time() + seconds
    wanted = until()
    if wanted is None:
        print("This kernel hibernates when it is idle.")
    else:
        print("This kernel stays awake until %s, also while it is idle." % _clock(wanted))


_magic.__name__ = NAME


def _clock(moment):
    here, now = time.localtime(moment), time.localtime()
    return time.strftime("%H:%M" if here[:3] == now[:3] else "%Y-%m-%d %H:%M", here)
