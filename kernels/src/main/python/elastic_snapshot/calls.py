"""Where a call of the gateway arrives, and how its answer leaves."""

import base64
import json
import os
import sys
import traceback

from elastic_snapshot import FORMAT
from elastic_snapshot.failure import SnapshotFailure

TRACEBACK_CHARACTERS = 4000


class Answer:
    """The value of the expression that the gateway sent. IPython asks it for its form; elsewhere its text is the JSON."""

    def __init__(self, content):
        text = json.dumps(content)
        self._text = text
        self._content = json.loads(text)

    def _repr_mimebundle_(self, **_wishes):
        return {"application/json": self._content, "text/plain": "elastic_snapshot"}

    def __repr__(self):
        return self._text


def call(name, request):
    """Runs one call; `request` is JSON in base64. It raises nothing but what ends a process."""
    bad = "failed"
    try:
        wanted = json.loads(base64.b64decode(request)) if request else {}
        content = _dispatch(name, wanted)
    except SnapshotFailure as failure:
        if failure.code == "cancelled":
            bad = "cancelled"
        elif type(failure).__name__ == "Refusal" or name == "restore" and failure.code == "bad-request":
            bad = "refused"
        content = {"status": bad, "code": failure.code, "message": failure.message}
    except KeyboardInterrupt:
        content = {"status": "failed", "code": "cancelled", "message": "interrupted"}
    except (KeyError, ValueError) as trouble:
        content = {"status": "failed", "code": "bad-request" if _is_ours(trouble) else "internal", "message": _text(trouble)}
    except Exception as trouble:
        content = {"status": "failed", "code": "internal", "message": _text(trouble)}
    content["format"] = FORMAT
    return Answer(_clean(content))


def _dispatch(name, request):
    recursion_limit = sys.getrecursionlimit()
    if name in ("save", "restore"):
        for field in ("store", "kernel", "generation", "key") + (("digest",) if name == "restore" else ()):
            if field not in request:
                raise SnapshotFailure("bad-request", "the request has no %s" % field)
    try:
        if name == "save":
            from elastic_snapshot import saving

            return saving.save(request)
        if name == "cancel":
            from elastic_snapshot import saving

            return saving.cancel()
        if name == "leave":
            os._exit(0)  # no finalizer runs: what they would end lives on in the snapshot
        if name == "probe":
            from elastic_snapshot import probe

            return probe.probe()
    finally:
        if name != "restore":
            sys.setrecursionlimit(recursion_limit)
    if name == "restore":
        from elastic_snapshot import restoring

        return restoring.restore(request)
    raise SnapshotFailure("bad-request", "no call is named %s" % name)


def _is_ours(trouble):
    """Whether the request itself was no JSON."""
    return isinstance(trouble, json.JSONDecodeError) or "base64" in str(trouble)


def _text(trouble):
    return "".join(traceback.format_exception(type(trouble), trouble, trouble.__traceback__))[-TRACEBACK_CHARACTERS:]


def _clean(value):
    """JSON that every reader takes: no lone halves of characters, which names and paths may have."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    return value
