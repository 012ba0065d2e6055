# SPDX-License-Identifier: Apache-2.0
"""A ROUTER for ZmtpBench that sends prepared bytes as fast as the system takes them.

Says "ready PORT". Serves one client after the other: takes a message of two parts, how many times and how many bytes,
and sends so many messages of six parts, of which the last has that size.
"""

import socket
import struct

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
BATCH = 500


def frame(flags, body):
    if len(body) > 255:
        return struct.pack("!BQ", flags | 2, len(body)) + body
    return struct.pack("!BB", flags, len(body)) + body


def property_of(name, value):
    return bytes([len(name)]) + name + struct.pack("!I", len(value)) + value


def take_frame(stream):
    flags = stream.read(1)
    if not flags:
        return None
    size = struct.unpack("!Q", stream.read(8))[0] if flags[0] & 2 else stream.read(1)[0]
    return stream.read(size)


def serve(client):
    stream = client.makefile("rb")
    client.sendall(GREETING)
    stream.read(len(GREETING))
    client.sendall(frame(4, b"\x05READY" + property_of(b"Socket-Type", b"ROUTER")))
    take_frame(stream)
    while (count := take_frame(stream)) is not None:
        size = int(take_frame(stream))
        parts = [b"<IDS|MSG>", bytes(64), bytes(220), bytes(220), b"{}"]
        message = b"".join(frame(1, part) for part in parts) + frame(0, bytes(size))
        per_batch = BATCH if size < 10_000 else 1
        batch = message * per_batch
        for _ in range(int(count) // per_batch):
            client.sendall(batch)


def main():
    server = socket.create_server(("127.0.0.1", 0))
    print("ready", server.getsockname()[1], flush=True)
    while True:
        client, _ = server.accept()
        with client:
            serve(client)


if __name__ == "__main__":
    main()
