"""Where generations are kept. `DirectoryStore` is a folder; `http_store.HttpStore` has the same methods.

    begin(generation)                     forget what is half written
    put(name, parts)                      an object of the generation: visible with commit() only
    put_blob(parts, size)                 (name, bytes written): named by its content, there once, after commit() at the latest
    commit() / abort()
    get(name)                             the bytes of a small object
    mapped(name, size)                    a writable private view of an object
    fetch_blobs(names)                    brings blobs to where they can be mapped
    mapped_blob(name, size)               the same view of a blob; blob_path(name) is its file
    is_checked(name)                      whether the bytes of a blob were compared with its name on their way here
    release()                             after a restore: what was brought here is not needed by name any more
    sweep(kept)                           remove other generations, and blobs that none of the kept names
"""

import errno
import hashlib
import json
import mmap
import os
import shutil
import stat
import threading

from elastic_snapshot.failure import SnapshotFailure
from elastic_snapshot.flushing import Flusher

WRITE_BYTES = 1 << 24
FLUSH_BYTES = 64 << 20  # so much of one file is worth a request to the disk
BESIDE_BYTES = 4 << 20  # from here on the hash is made in a thread beside the write

SHARED_FOLDER = 0o2770  # what is made in it has its group

MANIFEST, MAC, PACK = "manifest.json", "manifest.mac", "pack"


def generation_folder(generation):
    return "gen-%06d" % generation


def opened(description, local=None, seconds=None):
    """The store that a request describes. `seconds` are all the time that a store over the network may take."""
    kind = description.get("kind") if isinstance(description, dict) else None
    if kind == "directory" and os.path.isabs(str(description.get("path", ""))):
        return DirectoryStore(description["path"], bool(description.get("shared")), bool(description.get("map", True)))
    if kind == "http" and description.get("url"):
        from elastic_snapshot.http_store import HttpStore

        return HttpStore(description["url"], description.get("token"), description.get("authority"), local, seconds)
    if kind == "links" and description.get("url") and description.get("origin"):
        from elastic_snapshot.http_store import HttpStore

        return HttpStore(
            description["url"], description.get("token"), description.get("authority"), local, seconds, description["origin"]
        )
    raise SnapshotFailure("bad-request", "no store of a kind that is known here")


def trouble_of(error, doing):
    """A failure with the code that tells the gateway whether another try makes sense."""
    codes = {errno.ENOSPC: "no-space", errno.EDQUOT: "no-space", errno.EROFS: "read-only", errno.EACCES: "read-only", errno.EPERM: "read-only"}
    return SnapshotFailure(codes.get(error.errno, "store"), "%s: %s" % (doing, error))


class DirectoryStore:
    """A folder of one kernel. A kill at any point leaves the old generations and perhaps a `.tmp-` folder.

    A shared one is there already, and belongs to a group by which the gateway, another user, reads it and removes what is old.
    """

    def __init__(self, path, is_shared=False, maps=True):
        """What does not map reads, so that a disk of elsewhere cannot end the process later, by SIGBUS."""
        self.path = path
        self.is_shared = is_shared
        self.maps = maps
        self.blobs = os.path.join(path, "blobs")
        self.working = None
        self.target = None
        self.flusher = Flusher()
        self.written = 0  # blobs, each by a name of its own until it is on the disk

    def begin(self, generation):
        if self.is_shared and not os.path.isdir(self.path):
            raise SnapshotFailure("store", "the volume for snapshots is not mounted here; a restart of the kernel mounts it")
        try:
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            os.makedirs(self.blobs, mode=0o700, exist_ok=True)
            self._share(self.blobs)
            self._remove_left_overs()
            self.target = os.path.join(self.path, generation_folder(generation))
            self.working = os.path.join(self.path, ".tmp-%s-%d" % (generation_folder(generation), os.getpid()))
            os.mkdir(self.working, 0o700)
            self._share(self.working)
            self.sizes = {name.rpartition("-")[2] for name in os.listdir(self.blobs)}
        except OSError as error:
            raise trouble_of(error, "cannot begin in the store") from error

    def _share(self, folder):
        """Whatever the umask is. What is made in it gets the folder's group."""
        if self.is_shared and stat.S_IMODE(os.stat(folder).st_mode) != SHARED_FOLDER:
            os.chmod(folder, SHARED_FOLDER)

    def _remove_left_overs(self):
        """Of saves that were killed; one save at a time writes to a kernel's folder."""
        for folder in (self.path, self.blobs):
            for name in os.listdir(folder):
                if name.startswith(".tmp-"):
                    path = os.path.join(folder, name)
                    shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def put(self, name, parts):
        try:
            return self._write(os.path.join(self.working, name), parts)
        except OSError as error:
            raise trouble_of(error, "cannot write %s" % name) from error

    def put_blob(self, parts, size):
        """Written when this returns; it gets its name beside what comes next, when the disk has it."""
        digest = None
        if str(size) in self.sizes:  # of an earlier save, perhaps this very one: a hash costs less than writing it again
            digest = digest_of_parts(parts)
            name = "%s-%d" % (digest, size)
            if os.path.exists(os.path.join(self.blobs, name)):
                return name, 0
        working = os.path.join(self.blobs, ".tmp-%d-%d" % (os.getpid(), self.written))
        try:
            digest, _size = self._write(working, parts, digest, self.blobs)
        except OSError as error:
            raise trouble_of(error, "cannot write a blob") from error
        self.written += 1
        return "%s-%d" % (digest, size), size

    def _write(self, path, parts, digest=None, blobs=None):
        """Writes parts and tells (digest, size). The disk gets them beside what comes next; `commit` waits for it.

        A blob, with the folder of `blobs`, gets its name then: one that is there by name is complete, also after a loss of power.
        """
        hashed = None if digest else Digest(parts)
        size, flushed = 0, 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            if self.is_shared:
                os.fchmod(descriptor, 0o640)
            for part in parts:
                view = memoryview(part).cast("B")
                offset = 0
                while offset < view.nbytes:
                    offset += os.write(descriptor, view[offset : offset + WRITE_BYTES])
                    if size + offset - flushed >= FLUSH_BYTES:
                        self.flusher.hint(descriptor)
                        flushed = size + offset
                size += view.nbytes
        except BaseException:
            self.flusher.close_later(descriptor)
            raise
        if hashed is not None:
            digest = hashed.hex()
        self.flusher.finish(descriptor, path, os.path.join(blobs, "%s-%d" % (digest, size)) if blobs else None)
        return digest, size

    def commit(self):
        try:
            if os.path.isdir(self.target):  # of a save whose answer got lost
                shutil.rmtree(self.target)
            self.flusher.wait()
            _sync_folder(self.blobs)
            _sync_folder(self.working)
            os.rename(self.working, self.target)
            _sync_folder(self.path)
        except OSError as error:
            raise trouble_of(error, "cannot commit") from error
        self.working = None

    def abort(self):
        self.flusher.stop()
        if self.working:
            shutil.rmtree(self.working, ignore_errors=True)
        try:
            self._remove_left_overs()
        except OSError:
            return  # the folder cannot be written, which is why the save failed

    def get(self, generation, name):
        path = os.path.join(self.path, generation_folder(generation), name)
        try:
            with open(path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            raise SnapshotFailure("missing", "%s of generation %d is not there" % (name, generation)) from None
        except OSError as error:
            raise trouble_of(error, "cannot read %s" % name) from error

    def mapped(self, generation, name, size):
        path = os.path.join(self.path, generation_folder(generation), name)
        return self._view(path, size)

    def mapped_blob(self, name, size):
        return self._view(os.path.join(self.blobs, name), size)

    def _view(self, path, size):
        return map_file(path, size) if self.maps else read_file(path, size)

    def blob_path(self, name):
        return os.path.join(self.blobs, name)

    def fetch_blobs(self, names):
        """They are here."""

    def is_checked(self, _name):
        return False

    def release(self):
        """What is mapped is what is kept."""

    def sweep(self, kept):
        wanted, kept_folders = set(), {generation_folder(each) for each in kept}
        for name in os.listdir(self.path):
            if name.startswith("gen-") and name not in kept_folders:
                shutil.rmtree(os.path.join(self.path, name))
        for folder in kept_folders:
            path = os.path.join(self.path, folder, MANIFEST)
            if os.path.exists(path):
                with open(path, "rb") as file:
                    wanted |= blobs_named(json.load(file))
        for name in os.listdir(self.blobs):
            if name not in wanted:
                os.unlink(os.path.join(self.blobs, name))


def blobs_named(content):
    places = [place for segment in content["segments"] for place in [segment["pickle"]] + segment["buffers"]]
    return {place[0] for place in places if place[0] != PACK}


def map_file(path, size):
    if not size:
        return memoryview(b"")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if os.fstat(descriptor).st_size != size:
                raise SnapshotFailure("damaged", "%s has another size" % os.path.basename(path))
            return memoryview(mmap.mmap(descriptor, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE))
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise SnapshotFailure("missing", "%s is not there" % os.path.basename(path)) from None
    except OSError as error:
        raise trouble_of(error, "cannot map %s" % os.path.basename(path)) from error


def read_file(path, size):
    """The same view, of memory that nothing but this process can take away."""
    if not size:
        return memoryview(b"")
    try:
        with open(path, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size != size:
                raise SnapshotFailure("damaged", "%s has another size" % os.path.basename(path))
            view = memoryview(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
            offset = 0
            while offset < size:
                read = file.readinto(view[offset : offset + WRITE_BYTES])
                if not read:
                    raise SnapshotFailure("damaged", "%s ends early" % os.path.basename(path))
                offset += read
            return view
    except FileNotFoundError:
        raise SnapshotFailure("missing", "%s is not there" % os.path.basename(path)) from None
    except OSError as error:
        raise trouble_of(error, "cannot read %s" % os.path.basename(path)) from error


def digest_of_parts(parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


class Digest:
    """The hash of some buffers; that of what is large is made in a thread, beside their way to the disk or the network."""

    def __init__(self, parts):
        self.size = sum(memoryview(part).nbytes for part in parts)
        self.parts = parts
        self.thread = None
        if self.size >= BESIDE_BYTES:
            self.thread = threading.Thread(target=self._run, daemon=True)
            self.thread.start()

    def _run(self):
        self.result = digest_of_parts(self.parts)

    def hex(self):
        if self.thread is None:
            return digest_of_parts(self.parts)
        self.thread.join()
        return self.result


def _sync_folder(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
