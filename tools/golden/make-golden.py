#!/usr/bin/env python3
"""Writes the golden files of module wire anew: what jupyter_client and jupyter_server make of messages.

    "$(tools/python-environment)" tools/golden/make-golden.py

Run it with the Python environment of the build, whose lock pins the versions. What the files hold depends on
nothing else but Python's own minor version, so a run without a change of versions changes no file.
"""

import base64
import json
import logging
import random
import sys
from importlib import metadata
from pathlib import Path
from string import Template

from jupyter_client.manager import KernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "wire/src/test/resources/golden"
LOCK = ROOT / "tools/python/build.lock"
CHANNELS = ["shell", "control", "stdin", "iopub"]
SCHEMES = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"]
TEXTS = [
    "",
    "hello\n",
    'quotes " and \\ backslashes \\n',
    "ÄÖÜ 中文 😀 \u2028\u2029",
    "control \u0001\u001f\u007f",
    '{"header": {"msg_type": "forged"}, "channel": "control"}',
]


def encode(data):
    """Bytes as JSON can hold them."""
    return base64.b64encode(data).decode("ascii")


def messages(generator):
    """Messages of the kinds that differ on the wire: text, numbers, no parent, buffers."""
    for index, text in enumerate(TEXTS):
        for buffers in ([], [b"\x00\x01\xff"], [b"", generator.randbytes(300), b'{"a": 1}']):
            header = {
                "msg_id": f"golden_{index}_{len(buffers)}",
                "msg_type": "stream",
                "username": "user",
                "session": "session-ä",
                "date": "2026-11-24T10:29:17.123456Z",
                "version": "5.4",
            }
            parent = {} if index % 2 else {**header, "msg_type": "execute_request"}
            content = {"name": "stdout", "text": text, "numbers": [0, -1, 1.5, 1e300, 2**63], "none": None}
            yield {
                "header": header,
                "parent_header": parent,
                "metadata": {"nested": {"msg_id": "not this one"}} if index % 2 else {},
                "content": content,
                "buffers": buffers,
            }


def parts(session, message):
    """The message's parts as they go over ZeroMQ after the signature, without buffers."""
    return [session.pack(message[part]) for part in ("header", "parent_header", "metadata", "content")]


def signatures(generator):
    """Whole ZeroMQ messages, signed by every scheme with keys shorter and longer than a hash's block."""
    for scheme in SCHEMES:
        for key in (b"", b"k", generator.randbytes(32).hex().encode(), "schlüssel-".encode() * 40):
            session = Session(key=key, signature_scheme=f"hmac-{scheme}", session="golden", username="user")
            message = next(messages(random.Random(7)))
            message["buffers"] = [b"not signed"]
            sealed = session.serialize({**message, "msg_id": "", "msg_type": ""}, ident=[b"one", b"two"])
            yield {
                "scheme": f"hmac-{scheme}",
                "key": encode(key),
                # serialize() leaves the buffers to send(), which adds them behind.
                "parts": [encode(part) for part in [*sealed, *message["buffers"]]],
            }


def v1_frames(generator):
    """Frames of the subprotocol v1.kernel.websocket.jupyter.org."""
    session = Session(key=b"", session="golden", username="user")
    for index, message in enumerate(messages(generator)):
        channel = CHANNELS[index % len(CHANNELS)]
        all_parts = [*parts(session, message), *message["buffers"]]
        yield {
            "channel": channel,
            "parts": [encode(part) for part in all_parts],
            "frame": encode(serialize_msg_to_ws_v1(all_parts, channel)),
        }


def legacy_frames(generator):
    """Frames without a subprotocol, as handle_outgoing_message of jupyter_server's channels makes them."""
    for index, message in enumerate(messages(generator)):
        header = message["header"]
        channel = CHANNELS[index % len(CHANNELS)]
        whole = {**message, "msg_id": header["msg_id"], "msg_type": header["msg_type"], "channel": channel}
        binary = bool(message["buffers"])
        frame = serialize_binary_message(whole) if binary else json.dumps(whole).encode()
        yield {
            "channel": channel,
            "header": header,
            "parent_header": message["parent_header"],
            "metadata": message["metadata"],
            "content": message["content"],
            "buffers": [encode(buffer) for buffer in message["buffers"]],
            "binary": binary,
            "frame": encode(frame),
        }


def templates():
    """Values of a kernelspec's env, filled in as KernelProvisionerBase.pre_launch does."""
    known = {"PATH": "/bin", "_a1": "x", "HOME": "/home/$PATH", "EMPTY": "", "K": "\\1$0"}
    for template in [
        "plain", "$PATH", "${PATH}:/opt", "$PATH$PATH", "$$PATH", "$$$PATH", "${UNKNOWN}", "$UNKNOWN/x", "$", "$1",
        "${", "${}", "${PATH", "$PATHS", "${PATH}S", "$_a1-", "$HOME", "a$EMPTY-b", "$K", "${K}", "$ PATH", "$ä",
        "$PATHä", "{PATH}", "${PA TH}", "\\$PATH",
    ]:
        yield {"template": template, "known": known, "filled": Template(template).safe_substitute(known)}


def commands():
    """Commands of kernelspecs, filled in as KernelManager.format_kernel_cmd does."""
    minor = sys.version_info[1]
    for argv in [
        ["python", "-m", "x", "-f", "{connection_file}"],
        ["python3", "{resource_dir}/start.py", "{prefix}", "{unknown}", "{", "{}", "{connection_file"],
        [f"python3.{minor}", "{{connection_file}}", "a{connection_file}b{kernel_id}"],
        [f"python3.{minor + 1}", "{connection_file}", "$HOME", "{con-file}", "\\1 $0"],
        ["/usr/bin/python3", "python", "{kernel_id}"],
        ["pythonx", "{prefix}{prefix}"],
    ]:
        manager = KernelManager()
        manager.connection_file = "/run/kernel.json"
        manager._kernel_spec = KernelSpec(argv=argv, resource_dir="/spec")
        manager._launch_args = {"kernel_id": "id\\1$0"}
        filled = [
            # Where this Python lies is no part of the rule.
            word.replace(sys.executable, "/env/bin/python").replace(sys.prefix, "/env")
            for word in manager.format_kernel_cmd()
        ]
        yield {"argv": argv, "minor": minor, "filled": filled}


def locked_versions():
    """The versions of what runs here; ends the program where the lock says others."""
    versions = {package: metadata.version(package) for package in ("jupyter_client", "jupyter_server")}
    lock = LOCK.read_text(encoding="ascii")
    for package, version in versions.items():
        if f"{package.replace('_', '-')}=={version} " not in lock:
            sys.exit(f"make-golden: {package} {version} is not the version in {LOCK.relative_to(ROOT)}")
    return versions


def write(name, cases):
    """Writes one file, with the versions that it came from."""
    versions = locked_versions()
    document = {"versions": versions, "cases": list(cases)}
    TARGET.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=1, ensure_ascii=True) + "\n"
    (TARGET / f"{name}.json").write_text(text, encoding="ascii")
    print(f"{name}.json: {len(document['cases'])} cases")


def main():
    """Writes all files."""
    logging.disable(logging.WARNING)  # jupyter_client warns of empty keys, which are meant here
    write("signatures", signatures(random.Random(1)))
    write("v1-frames", v1_frames(random.Random(2)))
    write("legacy-frames", legacy_frames(random.Random(3)))
    write("env-templates", templates())
    write("commands", commands())


if __name__ == "__main__":
    main()
