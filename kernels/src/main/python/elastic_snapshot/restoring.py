"""A restore: everything is checked, then the process, the definitions, the variables, IPython and the random states come back."""

import contextlib
import gc
import pickle
import sys
import time

from elastic_snapshot import elsewhere, functions, hints, ipython_state, keep_awake, library_state, linecache_state, manifest, namespace, process_state
from elastic_snapshot import report, session, store
from elastic_snapshot.blobs import BackgroundCheck, check_now
from elastic_snapshot.failure import Hang, SnapshotFailure, is_interrupt
from elastic_snapshot.pickling import load, reason_of
from elastic_snapshot.timing import TimeLimit


class Refusal(SnapshotFailure):
    """Nothing was unpickled yet."""


def restore(request):
    started = time.perf_counter()
    shell = functions.shell()
    with contextlib.ExitStack() as at_the_end:
        try:
            source = store.opened(request.get("store"), request.get("local"), request.get("limits", {}).get("total_seconds"))
            at_the_end.callback(source.release)
            content, pack = _checked(request, source)
            source.fetch_blobs(store.blobs_named(content))
            fetched = time.perf_counter()
        except SnapshotFailure as failure:
            raise Refusal(failure.code, failure.message) from failure
        restoring = _Restoring(shell, request, source, content, pack)
        seconds = dict(restoring.run(), fetch=fetched - started)
    lost = restoring.lost
    state = session.state()
    state.lost.clear()
    state.lost.update({name: entry for name, entry in lost.items() if not elsewhere.is_key(name)})
    hints.install(shell)
    told = report.of_restore(content, lost, restoring.troubled.entries)
    told["seconds"] = {name: round(value, 4) for name, value in seconds.items()}
    told["seconds"]["total"] = round(time.perf_counter() - started, 4)
    return {"status": "restored", "generation": content["generation"], "report": told}


def _checked(request, source):
    generation, key = request["generation"], manifest.key_of(request)
    raw = source.get(generation, store.MANIFEST)
    mac = source.get(generation, store.MAC).decode("ascii", "replace")
    content = manifest.checked(key, request["kernel"], generation, request["digest"], raw, mac)
    pack = source.mapped(generation, store.PACK, content["pack"]["size"])
    if manifest.digest_of(pack) != content["pack"]["digest"]:
        raise SnapshotFailure("damaged", "the pack is not what was written")
    return content, pack


class _Restoring:
    def __init__(self, shell, request, source, content, pack):
        self.shell = shell
        self.request = request
        self.source = source
        self.content = content
        self.pack = pack
        self.lost = {entry["name"]: entry for entry in content["lost"]}
        self.troubled = report.Telling()
        self.elsewhere = {}
        self.check = BackgroundCheck(source) if request.get("blobs", "background") == "background" else None

    def run(self):
        seconds, mark = {}, time.perf_counter()
        collector_was_on = gc.isenabled()
        gc.disable()  # many small objects load several times faster
        try:
            state = pickle.loads(self._bytes(self.content["state"]["place"]))
            process_state.put_back_first(state["process"], self.troubled)
            linecache_state.put_back(state["sources"])
            library_state.put_back_backend(state["libraries"], self.troubled)
            ipython_state.put_back_first(self.shell, state["ipython"], self.troubled)
            seconds["first"], mark = time.perf_counter() - mark, time.perf_counter()
            for segment in self.content["segments"]:
                self._segment(segment)
            self.shell.user_ns["__builtins__"] = sys.modules["builtins"]
            seconds["variables"], mark = time.perf_counter() - mark, time.perf_counter()
            ipython_state.put_back_last(self.shell, state["ipython"], self.elsewhere, self.troubled)
            library_state.put_back_settings(state["libraries"], self.troubled)
            process_state.put_back_last(state["process"], self.troubled)
            session.state().awake_until = state["awake_until"]
            keep_awake.install(self.shell)
        finally:
            if collector_was_on:
                gc.enable()
        process_state.put_back_after_all(state["process"], self.troubled)
        seconds["last"] = time.perf_counter() - mark
        if self.check:
            self.check.start()
        return seconds

    def _segment(self, segment):
        skip = self.request.get("skip", {})
        skipped = [name for name in segment["names"] if name in skip]
        missing = [name for name in segment.get("needs", ()) if name in self.lost]
        if skipped or missing:
            for name in segment["names"]:
                self._lose(segment, name, skip.get(name) or "needs %s, which is lost" % ", ".join(missing or skipped))
            return
        try:
            loaded = self._loaded(segment)
        except BaseException as trouble:
            if is_interrupt(trouble):
                raise
            reason = str(trouble) if isinstance(trouble, (Hang, SnapshotFailure)) else reason_of(trouble)
            if segment.get("code") and self._from_source(segment):
                return
            for name in segment["names"]:
                self._lose(segment, name, reason)
            return
        for name, value in loaded.items():
            if name in segment["names"] and elsewhere.is_key(name):
                self.elsewhere[name] = value
            else:
                self.shell.user_ns[name] = value

    def _loaded(self, segment):
        if segment.get("code") and self.content["python"]["code"] != manifest.python_here()["code"]:
            raise SnapshotFailure("wrong-format", "its code is that of Python %s" % self.content["python"]["version"])
        buffers = [self._buffer(segment, *place) for place in segment["buffers"]]
        data = self._bytes(segment["pickle"])
        with TimeLimit(self.request.get("limits", {}).get("variable_seconds", 20)):
            return load(data, buffers, segment.get("whole", False))

    def _bytes(self, place):
        """What will be unpickled: of the pack, which was checked, or of a blob that is checked here."""
        where, offset, size = place
        if where == store.PACK:
            return self.pack[offset : offset + size]
        view = self.source.mapped_blob(where, size)
        check_now(where, view)
        return view

    def _buffer(self, segment, where, offset, size, readonly):
        if where == store.PACK:
            view = self.pack[offset : offset + size]
        else:
            view = self.source.mapped_blob(where, size)
            if self.source.is_checked(where):
                pass
            elif self.check:
                self.check.add(where, segment["names"])
            else:
                check_now(where, view)
        return view.toreadonly() if readonly else view

    def _from_source(self, segment):
        """On another minor version: the definitions' own text, where the notebook's cells have it."""
        from elastic_snapshot import definitions

        made = definitions.made_again(self.shell, segment)
        for name in made:
            self.troubled(name, "definition", "made from its source, since Python is another version")
        return len(made) == len(segment["names"])

    def _lose(self, segment, name, reason):
        types = dict(zip(segment["names"], segment["types"]))
        cell = None
        with contextlib.suppress(Exception):
            cell = namespace.made_by(self.shell, name)
        self.lost[name] = {"name": name, "type": types[name], "reason": reason, "cell": cell}


