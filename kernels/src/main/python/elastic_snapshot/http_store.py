"""Generations on an HTTP server; the methods are those of `store.DirectoryStore`.

A save sends from memory to the server and stages nothing. A restore fetches everything into a local folder before a byte
is unpickled, so that it is mapped as from a directory.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import threading
import time
import urllib.parse

from elastic_snapshot.failure import SnapshotFailure
from elastic_snapshot.http_objects import HttpObjects
from elastic_snapshot.linked_objects import LinkedObjects
from elastic_snapshot.store import DirectoryStore, Digest, digest_of_parts, generation_folder, trouble_of


def _context(authority):
    """TLS that trusts the given authority alone, or, without one, those that the system trusts."""
    try:
        import ssl
    except ImportError:
        raise SnapshotFailure("unsupported", "this Python has no ssl, which a https store needs") from None
    if not authority:
        return ssl.create_default_context()
    try:
        context = ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, ValueError) as trouble:
        raise SnapshotFailure("bad-request", "the store's authority is no certificate in PEM: %s" % trouble) from trouble
    # The same certificates are right on every Python; from 3.13 on more of an authority's is asked for by default.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _is_address(url):
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except (TypeError, ValueError, AttributeError):
        return False


class HttpStore:
    """One kernel's objects below a URL. Nothing is connected before it is needed, so a forked child has its own connections."""

    def __init__(self, url, token=None, authority=None, local=None, seconds=None, origin=None):
        """With `origin`, objects are there, and the server at `url` gives a link to each; `authority` is that server's alone."""
        for address in (url, origin) if origin else (url,):
            if not _is_address(address):
                raise SnapshotFailure("bad-request", "the store's url is no address of a http or https server")
        if token is not None and not (isinstance(token, str) and token.isascii() and token.isprintable()):
            raise SnapshotFailure("bad-request", "the store's token cannot be sent in a header")
        deadline = time.monotonic() + seconds if seconds else None
        trusted = ((url, authority), (origin, None))
        contexts = [_context(trust) if str(address).startswith("https:") else None for address, trust in trusted]

        def connection():
            server = HttpObjects(url, token, contexts[0], deadline)
            return LinkedObjects(origin, contexts[1], deadline, server) if origin else server

        self.objects = connection()
        self.beside = connection()
        self.sending = None
        self.sent = set()
        self.fetched = set()
        self.failed = {}  # blobs that are not to be had: their failures
        self.wanted_local = local
        self.local = None
        self.local_is_ours = False

    # Saving

    def begin(self, generation):
        self.folder = generation_folder(generation)

    def put(self, name, parts):
        """`manifest.json` comes last, and is what makes the generation visible."""
        self._await_blob()
        digest = Digest(parts)
        self.objects.put("%s/%s" % (self.folder, name), parts, digest.hex)
        return digest.hex(), digest.size

    def put_blob(self, parts, size):
        """A blob's name is its hash, so it is hashed first; meanwhile the one before it is sent."""
        name = "%s-%d" % (digest_of_parts(parts), size)
        if name in self.sent or self.objects.size_of("blobs/" + name) == size:
            return name, 0
        self._await_blob()
        self.sending = _Sending(self.beside, "blobs/" + name, parts)
        self.sent.add(name)
        return name, size

    def _await_blob(self):
        if self.sending is not None:
            sending, self.sending = self.sending, None
            sending.wait()

    def commit(self):
        self.objects.close()
        self.beside.close()

    def abort(self):
        """What was sent is named by no manifest; its server removes it."""
        self.objects.close()
        self.beside.close()

    def sweep(self, kept):
        """Old objects are their server's business."""

    # Restoring

    def get(self, generation, name):
        pieces = []

        def begin():
            pieces.clear()
            return lambda piece: pieces.append(bytes(piece))

        self.objects.get("%s/%s" % (generation_folder(generation), name), begin)
        return b"".join(pieces)

    def mapped(self, generation, name, size):
        folder = generation_folder(generation)
        local = self._local()
        _make_folder(os.path.join(local.path, folder))
        self._fetch("%s/%s" % (folder, name), os.path.join(local.path, folder, name), size)
        return local.mapped(generation, name, size)

    def fetch_blobs(self, names):
        """Brings blobs to the local folder. One that the server has lost costs its own variables; other trouble is raised."""
        local = self._local()
        _make_folder(local.blobs)
        for name in sorted(names):
            digest, _, size = name.partition("-")
            path = local.blob_path(name)
            if os.path.exists(path) and os.path.getsize(path) == int(size):
                continue  # of an earlier try of this restore; the background check reads it
            try:
                self._fetch("blobs/" + name, path, int(size), digest)
                self.fetched.add(name)
            except SnapshotFailure as failure:
                if failure.code not in ("missing", "damaged"):
                    raise
                self.failed[name] = failure
        self.objects.disconnect()

    def mapped_blob(self, name, size):
        if name in self.failed:
            raise self.failed[name]
        return self.local.mapped_blob(name, size)

    def blob_path(self, name):
        return self.local.blob_path(name)

    def is_checked(self, name):
        return name in self.fetched

    def release(self):
        """Once everything is mapped, a folder of our own is not needed by name any more."""
        if self.local_is_ours:
            shutil.rmtree(self.local.path, ignore_errors=True)

    def _local(self):
        if self.local is None:
            try:
                path = self.wanted_local or tempfile.mkdtemp(prefix="elastic-snapshot-")
            except OSError as error:
                raise trouble_of(error, "cannot make a folder to fetch to") from error
            if not os.path.isabs(path):
                raise SnapshotFailure("bad-request", "the local folder is no absolute path")
            _make_folder(path)
            self.local, self.local_is_ours = DirectoryStore(path), not self.wanted_local
        return self.local

    def _fetch(self, name, path, size, digest=None):
        """Fetches an object to a file that is there as a whole or not at all."""
        working = os.path.join(os.path.dirname(path), ".tmp-%d" % os.getpid())
        file = _Target(working)
        try:
            length = self.objects.get(name, file.begin)
            if length != size:
                raise SnapshotFailure("damaged", "%s has %d bytes instead of %d" % (name, length, size))
            if digest is not None and file.digest.hexdigest() != digest:
                raise SnapshotFailure("damaged", "its bytes are not what was written")
            file.close()
            os.rename(working, path)
        except OSError as error:
            raise trouble_of(error, "cannot keep %s" % name) from error
        finally:
            file.close()
            with contextlib.suppress(OSError):
                os.unlink(working)


class _Sending:
    """A blob on its way, in a thread; `wait` raises what went wrong."""

    def __init__(self, objects, name, parts):
        self.trouble = None
        self.thread = threading.Thread(target=self._run, args=(objects, name, parts), name="elastic-snapshot-send", daemon=True)
        self.thread.start()

    def _run(self, objects, name, parts):
        try:
            objects.put(name, parts, lambda: name.rpartition("/")[2].partition("-")[0])
        except BaseException as trouble:
            self.trouble = trouble

    def wait(self):
        self.thread.join()
        if self.trouble is not None:
            raise self.trouble


class _Target:
    """A file that an object is written to, from its start at each try. Trouble with it is no reason to fetch again."""

    def __init__(self, path):
        try:
            self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise trouble_of(error, "cannot write where objects are fetched to") from error

    def begin(self):
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        os.ftruncate(self.descriptor, 0)
        self.digest = hashlib.sha256()
        return self._take

    def _take(self, piece):
        self.digest.update(piece)
        try:
            while piece.nbytes:
                piece = piece[os.write(self.descriptor, piece) :]
        except OSError as error:
            raise trouble_of(error, "cannot write where objects are fetched to") from error

    def close(self):
        descriptor, self.descriptor = self.descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _make_folder(path):
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as error:
        raise trouble_of(error, "cannot make a folder to fetch to") from error
