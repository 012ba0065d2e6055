"""pandas: blocks of frames under copy-on-write.

Two frames may share memory until one is written to, which pandas counts by weak references that no pickle holds. Coming
back they would share memory that nobody counts, so each gets its own.
Names of this module are written into snapshots: keep them.
"""

from elastic_snapshot import arrays
from elastic_snapshot.reducing import reduces, reduces_named


class Alone:
    """An array that is taken apart from those that it shares memory with."""

    def __init__(self, array):
        self.array = array


@reduces(Alone)
def _alone(pickler, alone):
    array = alone.array
    if array.dtype.hasobject or not array.flags.forc:
        return array.copy().__reduce__()
    return arrays._whole(pickler, array)


@reduces_named(
    ("pandas._libs.internals", "NumpyBlock"),
    ("pandas._libs.internals", "Block"),
    ("pandas.core.internals.blocks", "NumpyBlock"),
    ("pandas.core.internals.blocks", "NumericBlock"),
    ("pandas.core.internals.blocks", "ObjectBlock"),
    ("pandas.core.internals.blocks", "DatetimeLikeBlock"),
    ("pandas.core.internals.blocks", "DatetimeTZBlock"),
    ("pandas.core.internals.blocks", "ExtensionBlock"),
)
def _block(pickler, block):
    if not _copies_on_write() or not block.refs.has_reference():
        return NotImplemented
    made = block.__reduce__()
    if not isinstance(made, tuple) or not made[1] or made[1][0] is not block.values:
        return NotImplemented
    values = block.values
    independent = Alone(values) if type(values).__name__ == "ndarray" else values.copy()
    pickler.alive.append(independent)
    return (made[0], (independent,) + tuple(made[1][1:])) + tuple(made[2:])


def _copies_on_write():
    import pandas

    if int(pandas.__version__.split(".")[0]) >= 3:
        return True
    try:
        return bool(pandas.get_option("mode.copy_on_write"))
    except Exception:  # before 1.5 there is no such option
        return False
