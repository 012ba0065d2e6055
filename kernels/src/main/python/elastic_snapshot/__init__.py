"""Saves the variables of a running IPython kernel, and restores them in another process.

The gateway injects this package into kernels of stock images: see docs/decisions/0016 for the calls, and `calls.py` for
where they arrive. It uses the standard library and a vendored cloudpickle, and touches no name of the user.
"""

VERSION = "1"
FORMAT = "elastic-snapshot/1"
