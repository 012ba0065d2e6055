"""torch: tensors that share a storage share it again; what was on a GPU goes through the host.

Names of this module are written into snapshots: keep them.
"""

import ctypes
import pickle
import sys

from elastic_snapshot.sizes import INBAND_BYTES
from elastic_snapshot.reducing import classifies, reduces_named


def make_storage(content, device):
    import torch

    if not len(content):
        return torch.UntypedStorage(0)
    if len(content) < INBAND_BYTES or memoryview(content).readonly:
        content = bytearray(content)
    storage = torch.frombuffer(content, dtype=torch.uint8).untyped_storage()
    if device != "cpu" and torch.cuda.is_available():
        storage = storage.to(device=device)
    return storage


def make_typed(storage, dtype):
    import torch

    return torch.storage.TypedStorage(wrap_storage=storage, dtype=dtype, _internal=True)


def storage_of_array(base, offset, size):
    import numpy
    import torch

    flat = base.reshape(-1, order="A").view(numpy.uint8)[offset : offset + size]
    return torch.from_numpy(flat).untyped_storage()


def make_generator(state, device):
    import torch

    generator = torch.Generator(device)
    generator.set_state(state)
    return generator


def default_generator():
    import torch

    return torch.default_generator


def fill_tensor(tensor, gradient):
    tensor.grad = gradient


@reduces_named(("torch", "Tensor"), ("torch.nn.parameter", "Parameter"))
def _tensor(pickler, tensor):
    """As torch does it, which drops gradients, and cuts a result from what it was computed from, without a word."""
    if not tensor.is_leaf:
        pickler.note("a tensor is cut from the graph that it was computed by")
        return NotImplemented
    if tensor.grad is None:
        return NotImplemented
    made = tensor.__reduce_ex__(5)
    if len(made) != 2:
        pickler.note("the gradient of a %s is gone" % type(tensor).__name__)
        return NotImplemented
    return made + (tensor.grad, None, None, fill_tensor)


@classifies
def own_tensor(type_):
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)
    return _tensor if isinstance(tensor, type) and issubclass(type_, tensor) else None


@reduces_named(("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"))
def _storage(pickler, storage):
    device = str(storage.device)
    size = storage.nbytes()
    if not size:
        return (make_storage, (b"", device))
    if device != "cpu":
        pickler.note("a tensor goes back to %s where there is one, else to the host" % device)
    host = storage if device == "cpu" else storage.cpu()
    if device == "cpu":
        for base, address, length in _arrays_of(pickler.namespace):
            if address <= host.data_ptr() and host.data_ptr() + size <= address + length:
                return (storage_of_array, (base, host.data_ptr() - address, size))
    memory = (ctypes.c_char * size).from_address(host.data_ptr())
    pickler.alive += [host, memory]
    return (make_storage, (pickle.PickleBuffer(memory) if size >= INBAND_BYTES else bytearray(memory), device))


def _arrays_of(namespace):
    """The notebook's own arrays: `torch.from_numpy` makes tensors over their memory."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return
    for value in list(namespace.values()):
        if type(value) is numpy.ndarray and value.flags.forc and value.flags.owndata and not value.dtype.hasobject:
            yield value, value.__array_interface__["data"][0], value.nbytes


@reduces_named(("torch.storage", "TypedStorage"), ("torch", "TypedStorage"))
def _typed(pickler, storage):
    untyped = storage._untyped_storage
    # Each tensor makes a new Python object of the same storage; one of them stands for all.
    key = (str(untyped.device), untyped.data_ptr(), untyped.nbytes())
    return (make_typed, (_storages.setdefault(key, untyped), storage.dtype))


_storages = {}


def forget_storages():
    """Addresses are used again once their tensors are gone."""
    _storages.clear()


@reduces_named(("torch._C", "Generator"), ("torch", "Generator"))
def _generator(_pickler, generator):
    import torch

    if generator is torch.default_generator:
        return (default_generator, ())
    return (make_generator, (generator.get_state(), str(generator.device)))
