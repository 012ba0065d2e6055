"""Checks of large buffers against the digests in their names."""

import hashlib
import os
import sys
import threading

from elastic_snapshot import session
from elastic_snapshot.failure import SnapshotFailure

READ_BYTES = 1 << 20


def check_now(name, view):
    if hashlib.sha256(view).hexdigest() != name.partition("-")[0]:
        raise SnapshotFailure("damaged", "its bytes are not what was written")


class BackgroundCheck:
    """Reads mapped blobs from the disk in a thread, while the user works on; what is damaged is said aloud."""

    def __init__(self, source):
        self.source = source
        self.names = {}

    def add(self, blob, names):
        self.names.setdefault(blob, list(names))

    def start(self):
        if self.names:
            threading.Thread(target=self._run, name="elastic-snapshot-check", daemon=True).start()

    def _run(self):
        for blob, names in self.names.items():
            try:
                is_good = self._digest(blob) == blob.partition("-")[0]
            except OSError as trouble:
                is_good = False
                names = ["%s (%s)" % (name, trouble) for name in names]
            if not is_good:
                session.state().damaged += names
                sys.stderr.write(
                    "The stored bytes of %s are damaged: what it holds since the kernel woke is wrong. Make it anew.\n" % ", ".join(names)
                )

    def _digest(self, blob):
        digest = hashlib.sha256()
        descriptor = os.open(self.source.blob_path(blob), os.O_RDONLY | os.O_CLOEXEC)
        try:
            while True:
                data = os.read(descriptor, READ_BYTES)
                if not data:
                    return digest.hexdigest()
                digest.update(data)
        finally:
            os.close(descriptor)
