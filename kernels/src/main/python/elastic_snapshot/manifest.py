"""The signed description of a generation. Its bytes are checked before they are parsed, and its digest is what commits it."""

import base64
import binascii
import hashlib
import hmac
import importlib.util
import json
import platform
import sys

from elastic_snapshot import FORMAT, modules
from elastic_snapshot.failure import SnapshotFailure

SHORTEST_KEY = 16


def key_of(request):
    try:
        key = base64.b64decode(request["key"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise SnapshotFailure("bad-request", "the key is no base64") from None
    if len(key) < SHORTEST_KEY:
        raise SnapshotFailure("bad-request", "the key has fewer than %d bytes" % SHORTEST_KEY)
    return key


def mac_of(key, kernel, generation, manifest):
    head = "\0".join((FORMAT, kernel, str(generation), "")).encode()
    return hmac.new(key, head + manifest, hashlib.sha256).hexdigest()


def digest_of(data):
    return hashlib.sha256(data).hexdigest()


def written(content):
    """The bytes of a manifest."""
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def checked(key, kernel, generation, digest, manifest, mac):
    """The content of a manifest whose bytes are those that were committed."""
    if not hmac.compare_digest(mac_of(key, kernel, generation, manifest), mac.strip()):
        raise SnapshotFailure("wrong-key", "the manifest was not written with this key for this kernel and generation")
    if not hmac.compare_digest(digest_of(manifest), digest):
        raise SnapshotFailure("wrong-digest", "the manifest is not the one that was committed")
    content = json.loads(manifest)
    if content.get("format") != FORMAT:
        raise SnapshotFailure("wrong-format", "format %s is not known here" % content.get("format"))
    return content


def python_here():
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "code": importlib.util.MAGIC_NUMBER.hex(),  # definitions come back where this is the same
    }


def packages_here():
    """Versions of the top modules that are loaded."""
    found = {}
    for name, module in modules.loaded():
        version = modules.names_in(module).get("__version__") if "." not in name else None
        if isinstance(version, str):
            found[name] = version
    return found


def imports_here():
    """The top modules that are loaded, in the order in which they were first asked for."""
    standard = getattr(sys, "stdlib_module_names", frozenset(sys.builtin_module_names))
    tops = dict.fromkeys(name.partition(".")[0] for name in list(sys.modules))
    return [name for name in tops if name not in standard and not name.startswith(("_", "elastic_snapshot"))]
