"""Modules, and references that do not keep alive what they refer to.

Names of this module are written into snapshots: keep them.
"""

import importlib
import sys
import types
import weakref

from elastic_snapshot.reducing import reduces


def import_module(name, submodules):
    module = importlib.import_module(name)
    for each in submodules:
        if each not in sys.modules:
            try:
                importlib.import_module(each)
            except Exception as trouble:
                notices.append("%s is not imported again: %s" % (each, trouble))
    return module


notices = []


def make_module(name, is_registered):
    module = types.ModuleType(name)
    return sys.modules.setdefault(name, module) if is_registered else module


def fill_module(module, names):
    module.__dict__.update(names)


def make_reference(target):
    return weakref.ref(target)


def make_weak_proxy(target):
    return weakref.proxy(target)


def make_dead_reference():
    class Gone:
        pass

    return weakref.ref(Gone())


def make_weak_container(kind, items):
    return kind(items)


@reduces(types.ModuleType)
def _module(pickler, module):
    name = module.__name__
    if name == "__main__" and module.__dict__ is pickler.namespace:
        return (import_module, (name, []))
    is_registered = sys.modules.get(name) is module
    if not is_registered or getattr(module, "__spec__", None) is None:
        names = {key: value for key, value in module.__dict__.items() if key != "__builtins__"}
        return (make_module, (name, is_registered), names, None, None, fill_module)
    submodules = []
    if hasattr(module, "__path__") and (name in pickler.own_names or pickler.namespace.get(name) is module):
        # `import scipy` and, elsewhere, `import scipy.stats`: the first name reaches what the second imported.
        submodules = sorted(each for each in list(sys.modules) if each.startswith(name + ".") and _public(each))
    return (import_module, (name, submodules))


def _public(name):
    return not any(part.startswith("_") for part in name.split("."))


@reduces(weakref.ref)
def _reference(pickler, reference):
    target = reference()
    if reference.__callback__ is not None:
        pickler.note("the callback of a weak reference is gone")
    return (make_dead_reference, ()) if target is None else (make_reference, (target,))


@reduces(weakref.ProxyType, weakref.CallableProxyType)
def _proxy(_pickler, proxy):
    return (make_weak_proxy, (proxy.__repr__.__self__,))


@reduces(weakref.WeakValueDictionary, weakref.WeakKeyDictionary)
def _weak_dictionary(_pickler, dictionary):
    return (make_weak_container, (type(dictionary), dict(dictionary)))


@reduces(weakref.WeakSet)
def _weak_set(_pickler, members):
    return (make_weak_container, (type(members), list(members)))


@reduces(weakref.WeakMethod)
def _weak_method(_pickler, reference):
    method = reference()
    return (make_dead_reference, ()) if method is None else (weakref.WeakMethod, (method,))
