"""A save: in a forked child under a watchdog where that is possible, else in the process itself under a timer.

Only another process survives a hang in C, an `os._exit`, a crash or endless recursion in user code. The child says what it is
about to handle; when it hangs or dies, that name is left out of the next try.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
import traceback

from elastic_snapshot import collecting, commit, forking, functions, process_state, report, session, store, verifying
from elastic_snapshot.failure import SnapshotFailure

MOST_ATTEMPTS = 12
TRACEBACK_CHARACTERS = 3000


def save(request):
    state = session.state()
    if state.child is not None:
        raise SnapshotFailure("already-saving", "another save is running")
    state.cancelled = False
    started = time.monotonic()
    shell = functions.shell()
    total = request.get("limits", {}).get("total_seconds")
    # A little less than the whole, so that it is the store that tells what it waits for.
    into = store.opened(request.get("store"), seconds=total and total * 0.95)
    why_not = "as asked for" if request.get("fork") == "never" else forking.why_not()
    if why_not:
        content, digest, attempts = _in_process(shell, request, into) + (1,)
    else:
        content, digest, attempts = _forked(shell, request, into, started)
    if request.get("keep") is not None:
        into.sweep(set(request["keep"]) | {request["generation"]})
    told = report.of_save(content)
    told["seconds"]["total"] = round(time.monotonic() - started, 4)
    told["forked"] = not why_not
    told["attempts"] = attempts
    if why_not:
        told["notes"].append("saved without a fork: %s" % why_not)
    return {"status": "saved", "generation": request["generation"], "digest": digest, "report": told}


def _plan(request, **more):
    limits = request.get("limits", {})
    return collecting.Plan(seconds=limits.get("variable_seconds", 10), exclude=request.get("exclude", ()), **more)


def _in_process(shell, request, into):
    before = process_state.before_fork()
    gc.disable()
    try:
        collected = collecting.collect(shell, _plan(request, skip=request.get("skip")))
        return commit.write(shell, collected, request, into, before)
    finally:
        if before["collects"]:
            gc.enable()


def _forked(shell, request, into, started):
    skip, apart = dict(request.get("skip", {})), []
    total = request.get("limits", {}).get("total_seconds")
    before = process_state.before_fork()
    last = None
    for attempt in range(1, MOST_ATTEMPTS + 1):
        outcome = _Child(shell, request, into, skip, apart, before).watch(started + total if total else None)
        if outcome.done:
            return outcome.done[0], outcome.done[1], attempt
        into.abort()
        is_ours = outcome.failure and outcome.failure[0] == "internal"  # something that the user's objects do is not foreseen
        if outcome.failure and not is_ours:
            raise SnapshotFailure(*outcome.failure)
        last = outcome
        if not outcome.learn(skip, apart):
            break
    if last.failure:
        raise SnapshotFailure(*last.failure)
    raise SnapshotFailure(last.way, "the saving process %s at %s %s" % (last.told(), last.stage, ", ".join(last.names)))


class _Child:
    """One forked try."""

    def __init__(self, shell, request, into, skip, apart, before):
        self.done = None  # (content of the manifest, digest)
        self.failure = None  # (code, message)
        self.way = None  # hang or died
        self.stage, self.names = "start", []
        self.patience = request.get("limits", {}).get("variable_seconds", 10) * 1.5 + 2
        self.plan = _plan(request, skip=skip, apart=apart, tell=self._tell)
        self.reader, self.writer = os.pipe()
        _flush()
        with forking.quiet_warnings():
            self.pid = os.fork()
        if self.pid == 0:
            self._work(shell, request, into, before)
        os.close(self.writer)
        session.state().child = self.pid

    def _work(self, shell, request, into, before):
        """In the child. It leaves by `os._exit` alone: nothing of the kernel may run to its end here."""
        try:
            os.close(self.reader)
            gc.disable()
            forking.settle()
            collected = collecting.collect(shell, self.plan)
            verifying.verify(collected, self.plan)
            self._tell("write")
            content, digest = commit.write(shell, collected, request, into, before)
            self._say({"done": [content, digest]})
            os._exit(0)
        except SnapshotFailure as failure:
            self._say({"failure": [failure.code, failure.message]})
        except BaseException:
            self._say({"failure": ["internal", traceback.format_exc()[-TRACEBACK_CHARACTERS:]]})
        finally:
            os._exit(1)

    def _tell(self, stage, *names):
        self._say({"at": [stage] + list(names)})

    def _say(self, message):
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(self.writer, line) :]

    def watch(self, deadline):
        """In the kernel: until the child has ended, or is ended since it says nothing for too long."""
        try:
            self._listen(deadline)
        except KeyboardInterrupt:
            self.failure = ("cancelled", "interrupted")
        finally:
            self._end()
        if session.state().cancelled and not self.done:
            self.failure = ("cancelled", "a message came")
        if not self.done and not self.failure and self.way is None:
            self.way = "died"
        return self

    def _listen(self, deadline):
        rest = b""
        while True:
            wait = None if self.stage == "write" else self.patience
            if deadline is not None:
                left = deadline - time.monotonic()
                wait = left if wait is None else min(wait, left)
            ready = select.select([self.reader], [], [], None if wait is None else max(0, wait))[0]
            if not ready:
                if deadline is not None and time.monotonic() >= deadline:
                    self.failure = ("time", "not done within the time for the whole save, at %s %s" % (self.stage, ", ".join(self.names)))
                else:
                    self.way = "hang"
                return
            data = os.read(self.reader, 1 << 16)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._hear(json.loads(line))

    def _hear(self, message):
        if "at" in message:
            self.stage, self.names = message["at"][0], message["at"][1:]
        elif "done" in message:
            self.done = message["done"]
        else:
            self.failure = tuple(message["failure"])

    def _end(self):
        if not self.done:
            # It may have ended meanwhile, or a SIGCHLD handler of the user may have waited for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self.reader)
        session.state().child = None

    def told(self):
        return "hung" if self.way == "hang" else "ended"

    def learn(self, skip, apart):
        """Makes the next try do without what this one got stuck at; False where there is nothing to leave out."""
        how = {"hang": "hangs", "died": "ends the process"}.get(self.way) or "fails (%s)" % self.failure[1].strip().rpartition("\n")[2]
        if self.stage == "pickle":
            skip[self.names[0]] = "it %s while it is saved" % how
        elif self.stage == "join":
            apart.append(list(self.names))
        elif self.stage == "verify":
            for name in self.names:
                skip[name] = "it %s while it is loaded again" % how
        else:
            return False
        return True


def _flush():
    """Else what is buffered could be written twice."""
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue  # closed, or not there: nothing is buffered


def cancel():
    state = session.state()
    child = state.child
    if child is None:
        return {"status": "nothing-to-cancel"}
    state.cancelled = True
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return {"status": "nothing-to-cancel"}
    return {"status": "cancelled"}
