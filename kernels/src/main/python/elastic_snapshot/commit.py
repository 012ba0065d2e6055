"""Writes what was collected: blobs, pack, manifest; then the store makes the generation visible at once."""

import time

from elastic_snapshot import FORMAT, cells, ipython_state, library_state, linecache_state, manifest, namespace, process_state, session, store
from elastic_snapshot.failure import SnapshotFailure
from elastic_snapshot.pickling import Chunks, Taker
from elastic_snapshot.sizes import BLOB_BYTES

ALIGNMENT = 64  # what is mapped at such an offset is usable by vector instructions
MOST_PARTS_TOLD = 20


class Pack:
    """The small pieces of a generation, one after another."""

    def __init__(self):
        self.parts = []
        self.size = 0

    def add(self, parts, size):
        padding = -self.size % ALIGNMENT
        if padding:
            self.parts.append(bytes(padding))
        offset = self.size + padding
        self.parts += parts
        self.size = offset + size
        return [store.PACK, offset, size]


def write(shell, collected, request, into, before):
    """Writes one generation into a store; answers the content of its manifest and its digest."""
    started = time.perf_counter()
    generation, kernel, key = request["generation"], request["kernel"], manifest.key_of(request)
    largest = request.get("limits", {}).get("bytes")
    total = sum(segment.bytes for segment in collected.segments)
    if largest is not None and total > largest:
        raise SnapshotFailure("too-large", "%d bytes are more than the %d that are allowed" % (total, largest))
    into.begin(generation)
    try:
        pack = Pack()
        written = 0
        entries = []
        for segment in collected.segments:
            entry, more = _segment(segment, collected, pack, into)
            entries.append(entry)
            written += more
        state, state_digest = _state(shell, collected, request, before)
        state_place = pack.add(state.parts, state.size)
        pack_digest, pack_size = into.put(store.PACK, pack.parts)
        content = {
            "format": FORMAT,
            "kernel": kernel,
            "generation": generation,
            "created": time.time(),
            "python": manifest.python_here(),
            "packages": manifest.packages_here(),
            "imports": manifest.imports_here(),
            "pack": {"digest": pack_digest, "size": pack_size},
            "state": {"place": state_place, "digest": state_digest},
            "segments": entries,
            "lost": _lost(shell, collected),
            "not_repeated": cells.calls_not_repeated(shell.user_ns),
            "bytes": total + state.size,
            "written": written + pack_size,
            "seconds": dict(collected.seconds, write=time.perf_counter() - started),
        }
        raw = manifest.written(content)
        into.put(store.MAC, [manifest.mac_of(key, kernel, generation, raw).encode()])
        into.put(store.MANIFEST, [raw])
        into.commit()
    except BaseException:
        into.abort()
        raise
    return content, manifest.digest_of(raw)


def _segment(segment, collected, pack, into):
    written = 0

    def place(parts, size):
        nonlocal written
        if size < BLOB_BYTES:
            return pack.add(parts, size)
        name, more = into.put_blob(parts, size)
        written += more
        return [name, 0, size]

    entry = {
        "names": list(segment.names),
        "types": [collected.type_name(name) for name in segment.names],
        "pickle": place(segment.chunks.parts, segment.chunks.size),
        "buffers": [place([buffer], buffer.nbytes) + [buffer.readonly] for buffer in segment.buffers],
        "bytes": segment.bytes,
    }
    if segment.needs:
        entry["needs"] = sorted(segment.needs)
    if segment.is_whole:
        entry["whole"] = True
    if segment.has_code:
        entry["code"] = True
    entry["notes"] = {name: notes[:MOST_PARTS_TOLD] for name, notes in segment.notes.items() if notes}
    entry["partial"] = {name: [list(each) for each in parts[:MOST_PARTS_TOLD]] for name, parts in segment.lost_parts.items() if parts}
    return entry, written


def _state(shell, collected, request, before):
    """Process and IPython state go through the same pickler, after everything that is the user's."""
    process, libraries = process_state.take(request.get("secret_environment", ()), before), library_state.take()
    # These may refer to classes of the notebook, so they are loaded after those, and each costs itself alone.
    process["warnings"] = _pickled(shell, process["warnings"]).whole()
    for name in libraries["settings"]:
        libraries["settings"][name] = _pickled(shell, libraries["settings"][name]).whole()
    state = {
        "process": process,
        "libraries": libraries,
        "ipython": ipython_state.take(shell),
        "sources": linecache_state.take(collected),
        "awake_until": session.state().awake_until,
    }
    chunks = _pickled(shell, state)
    return chunks, manifest.digest_of(chunks.whole())


def _pickled(shell, state):
    chunks = Chunks()
    Taker(chunks, shell.user_ns, salvaging=True).dump(state)
    return chunks


def _lost(shell, collected):
    entries = [
        {"name": name, "type": type_, "reason": reason, "cell": namespace.made_by(shell, name)}
        for name, (type_, reason) in collected.lost.items()
    ]
    # What an earlier hibernation lost is told until its name is bound again.
    present = set(shell.user_ns) | set(collected.lost)
    return entries + [dict(entry, earlier=True) for name, entry in session.lost().items() if name not in present]
