"""Runs inside the kernel, as text that `pack` puts in front of the packed package: finds the package in memory, or puts it there.

It is executed with globals of its own, so names of the user mean nothing here.
"""

import importlib.abc
import importlib.util
import sys

NAME = "elastic_snapshot"


class PackedFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the package's modules from their texts. Each is compiled when it is first needed."""

    def __init__(self, digest, texts):
        self.digest = digest
        self.texts = texts

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != NAME:
            return None
        is_package = name + ".__init__" in self.texts
        if not is_package and name not in self.texts:
            return None
        return importlib.util.spec_from_loader(name, self, origin=self._file(name), is_package=is_package)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        module.__file__ = self._file(name)
        exec(compile(self.get_source(name), module.__file__, "exec", dont_inherit=True), module.__dict__)

    def get_source(self, name):
        return self.texts[name + ".__init__" if name + ".__init__" in self.texts else name]

    def _file(self, name):
        return "<%s>" % name


def enter(call, request, digest, packed):
    finder = next((each for each in sys.meta_path if type(each).__name__ == "PackedFinder"), None)
    if finder is None or finder.digest != digest:
        if finder is not None:  # an older version, injected before the gateway was renewed
            sys.meta_path.remove(finder)
            for name in [each for each in sys.modules if each.partition(".")[0] == NAME]:
                del sys.modules[name]
        import base64
        import json
        import zlib

        finder = PackedFinder(digest, json.loads(zlib.decompress(base64.b64decode(packed))))
        sys.meta_path.append(finder)
    from elastic_snapshot.calls import call as run

    return run(call, request)
