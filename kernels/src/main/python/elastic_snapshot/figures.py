"""matplotlib: what its own pickling drops without a word."""

import types

from elastic_snapshot.reducing import reduces_named


@reduces_named(("matplotlib.cbook", "CallbackRegistry"))
def _callbacks(pickler, registry):
    for connected in registry.callbacks.values():
        for reference in connected.values():
            function = reference()
            function = getattr(function, "__func__", function)
            if type(function) is types.FunctionType and function.__globals__ is pickler.namespace:
                pickler.note("functions that were connected to events of a figure are not connected any more")
    return NotImplemented
