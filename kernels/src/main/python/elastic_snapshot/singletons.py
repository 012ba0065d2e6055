"""Objects that a library keeps one of: `os.environ`, `matplotlib.rcParams`, sentinels such as `dataclasses.MISSING`.

A copy of one would look right and do nothing, so they are referred to by the module that holds them.
Names of this module are written into snapshots: keep them.
"""

import sys
import types

from elastic_snapshot.modules import names_in, of_a_library
from elastic_snapshot.reducing import classifies


def held_by(module, name):
    __import__(module)
    return getattr(sys.modules[module], name)


@classifies
def held_by_its_module(type_):
    module = sys.modules.get(type_.__module__)
    if type_.__module__ in ("__main__", "builtins") or not isinstance(module, types.ModuleType) or not of_a_library(module):
        return None
    if not any(type(each) is type_ for each in list(names_in(module).values())):
        return None

    def reduce(_pickler, obj):
        for name, held in list(names_in(module).items()):
            if held is obj:
                return (held_by, (module.__name__, name))
        return NotImplemented

    return reduce
