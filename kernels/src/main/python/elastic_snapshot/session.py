"""What is remembered between calls. It outlives a newer version of this package that is injected over an older one."""

import sys
import types

_NAME = "elastic_snapshot_session"


def _module():
    module = sys.modules.get(_NAME)
    if module is None:
        module = sys.modules[_NAME] = types.ModuleType(_NAME, "State of the helper that saves and restores this kernel.")
        module.lost = {}
        module.damaged = []
        module.child = None
        module.cancelled = False
        module.awake_until = None
        module.hint = None
    return module


def state():
    return _module()


def lost():
    """Entries of names that were lost before, by name."""
    return _module().lost
