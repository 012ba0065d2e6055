"""Reads frames and connection files with jupyter_server's and jupyter_client's own code.

One JSON request a line on standard input, one JSON answer a line on standard output; bytes are base64.
"""

import base64
import json
import logging
import sys

from jupyter_client import BlockingKernelClient
from jupyter_client.session import Session
from jupyter_core.paths import jupyter_path
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
)


def encode(data):
    """Bytes as JSON can hold them."""
    return base64.b64encode(bytes(data)).decode("ascii")


def fields(message):
    """What a client uses of a message of the legacy framing."""
    names = ("channel", "msg_id", "msg_type", "header", "parent_header", "metadata", "content")
    buffers = [encode(buffer) for buffer in message["buffers"]]
    # Headers have had their dates parsed; they are given back as they were written.
    return {**{name: message[name] for name in names}, "buffers": buffers}


def answer(request):
    """The answer to one request."""
    kind = request["kind"]
    if kind == "path":
        return jupyter_path("kernels")
    if kind == "connection":
        client = BlockingKernelClient(connection_file=request["file"])
        client.load_connection_file()
        return {
            "urls": {channel: client._make_url(channel) for channel in ("shell", "iopub", "stdin", "control", "hb")},
            "key": client.session.key.decode(),
            "scheme": client.session.signature_scheme,
        }
    if kind == "signed":
        session = Session(key=base64.b64decode(request["key"]), signature_scheme=request["scheme"])
        _, parts = session.feed_identities([base64.b64decode(part) for part in request["parts"]])
        return session.deserialize(parts)["content"]
    frame = base64.b64decode(request["frame"])
    if kind == "v1":
        channel, parts = deserialize_msg_from_ws_v1(frame)
        return {"channel": channel, "parts": [encode(part) for part in parts]}
    if kind == "text":
        return fields(json.loads(frame))
    return fields(deserialize_binary_message(frame))


def main():
    """Answers until standard input ends."""
    logging.disable(logging.WARNING)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)), default=str), flush=True)


main()
