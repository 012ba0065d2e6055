"""Loaded modules, looked at without waking those that import on first use."""

import os
import site
import sys
import sysconfig
import types


def names_in(module):
    """A module's own names; an attribute of a lazy one would import what nobody asked for."""
    return object.__getattribute__(module, "__dict__")


def of_name(name):
    """A loaded module, or None."""
    module = sys.modules.get(name)
    return module if issubclass(type(module), types.ModuleType) else None


def loaded():
    """(name, module) of all that are loaded and are modules."""
    return [(name, each) for name, each in list(sys.modules.items()) if issubclass(type(each), types.ModuleType)]


def file_of(module):
    file = names_in(module).get("__file__")
    return file if isinstance(file, str) else None


def _library_roots():
    folders = set(sysconfig.get_paths().values()) | {sys.prefix, sys.base_prefix}
    try:
        folders |= set(site.getsitepackages()) | {site.getusersitepackages()}
    except AttributeError:  # an old virtualenv's own site
        folders |= {os.path.dirname(os.__file__)}
    return tuple(os.path.realpath(each) + os.sep for each in folders)


_roots = _library_roots()


def of_a_library(module):
    """Whether a module came with Python or an installed package, rather than from the user's files."""
    file = file_of(module)
    if file is None:
        return True  # built in
    if file.startswith(_roots) or "site-packages" in file:  # most are, and asking the disk for each takes long
        return True
    real = os.path.realpath(file)
    return real.startswith(_roots) or "site-packages" in real or "dist-packages" in real
