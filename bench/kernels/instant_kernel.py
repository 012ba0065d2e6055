# SPDX-License-Identifier: Apache-2.0
"""A Jupyter kernel that answers at once and can flood: what a benchmark needs to see only the gateway.

Everything that costs time is made before the clock of the benchmark starts: replies of a plain execute
are assembled from prepared bytes, and the messages of a flood are serialised and signed before the first
one is sent. The sockets are those of a real kernel (libzmq), except that the publisher's queue has no
limit: whatever is lost is then lost by the gateway.

Code it understands, everything else is answered with "ok" and no output:
    flood COUNT BYTES            a marker, then COUNT stream messages of BYTES characters, as fast as possible
    drip COUNT BYTES MILLIS      the same with a pause of MILLIS between two messages
The text of each message starts with its number in eight digits; the marker is number 99999999, followed
by the reading of the monotonic clock at which the flood starts, in nanoseconds and twenty digits.
"""

import hashlib
import hmac
import json
import os
import sys
import time

import zmq

DELIMITER = b"<IDS|MSG>"
MARKER = 99_999_999
# Floods up to this size are prepared as a whole; a larger one is made while it is sent.
PREPARED_BYTES = 200_000_000
# From this size a part is handed to libzmq without a copy.
COPY_LIMIT = 65_536

KERNEL_INFO = {
    "status": "ok",
    "protocol_version": "5.4",
    "implementation": "instant",
    "implementation_version": "1",
    "language_info": {"name": "none", "version": "1", "mimetype": "text/plain", "file_extension": ".txt"},
    "banner": "instant kernel",
    "help_links": [],
}
EXECUTE_REPLY = b'{"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}'
BUSY = b'{"execution_state": "busy"}'
IDLE = b'{"execution_state": "idle"}'


class Kernel:
    def __init__(self, connection):
        self.key = hmac.new(connection["key"].encode(), digestmod=hashlib.sha256)
        self.session = os.urandom(8).hex()
        self.serial = 0
        context = zmq.Context()
        self.shell = self._bind(context, zmq.ROUTER, connection, "shell_port")
        self.control = self._bind(context, zmq.ROUTER, connection, "control_port")
        self.stdin = self._bind(context, zmq.ROUTER, connection, "stdin_port")
        self.heartbeat = self._bind(context, zmq.REP, connection, "hb_port")
        self.iopub = self._bind(context, zmq.PUB, connection, "iopub_port")

    @staticmethod
    def _bind(context, kind, connection, port):
        socket = context.socket(kind)
        socket.linger = 500
        if kind == zmq.PUB:
            socket.sndhwm = 0
        separator = "-" if connection["transport"] == "ipc" else ":"
        socket.bind(f"{connection['transport']}://{connection['ip']}{separator}{connection[port]}")
        return socket

    def message(self, kind, content, parent):
        self.serial += 1
        header = (
            b'{"msg_id": "%s_%d", "session": "%s", "username": "kernel",'
            b' "date": "2026-01-01T00:00:00.000000Z", "msg_type": "%s", "version": "5.4"}'
            % (self.session.encode(), self.serial, self.session.encode(), kind)
        )
        signature = self.key.copy()
        signature.update(header)
        signature.update(parent)
        signature.update(b"{}")
        signature.update(content)
        return [DELIMITER, signature.hexdigest().encode(), header, parent, b"{}", content]

    def publish(self, kind, content, parent):
        self.iopub.send_multipart([b"kernel." + kind] + self.message(kind, content, parent))

    def stream(self, number, rest, parent):
        content = b'{"name": "stdout", "text": "%08d%s"}' % (number, rest)
        return [b"stream.stdout"] + self.message(b"stream", content, parent)

    def flood(self, count, size, parent):
        rest = b"x" * (size - 8)
        messages = (self.stream(number, rest, parent) for number in range(count))
        if count * size <= PREPARED_BYTES:
            messages = list(messages)
        copy = size < COPY_LIMIT
        send = self.iopub.send_multipart
        send(self.stream(MARKER, b"%020d" % time.monotonic_ns(), parent))
        for message in messages:
            send(message, copy=copy)

    def drip(self, count, size, millis, parent):
        rest = b"x" * (size - 8)
        for number in range(count):
            self.iopub.send_multipart(self.stream(number, rest, parent))
            time.sleep(millis / 1000)

    def run(self, code, parent):
        words = code.split()
        if words[:1] == ["flood"]:
            self.flood(int(words[1]), int(words[2]), parent)
        elif words[:1] == ["drip"]:
            self.drip(int(words[1]), int(words[2]), int(words[3]), parent)

    def answer(self, socket):
        """Answers one request; false when it was the one to end."""
        parts = socket.recv_multipart()
        start = parts.index(DELIMITER)
        identities, parent = parts[:start], parts[start + 2]
        kind = json.loads(parent)["msg_type"]
        self.publish(b"status", BUSY, parent)
        if kind == "execute_request":
            code = json.loads(parts[start + 5])["code"]
            self.publish(b"execute_input", b'{"code": "", "execution_count": 1}', parent)
            self.run(code, parent)
            reply = self.message(b"execute_reply", EXECUTE_REPLY, parent)
        elif kind == "kernel_info_request":
            reply = self.message(b"kernel_info_reply", json.dumps(KERNEL_INFO).encode(), parent)
        else:
            reply_kind = kind.replace("_request", "_reply").encode()
            reply = self.message(reply_kind, b'{"status": "ok", "restart": false}', parent)
        socket.send_multipart(identities + reply)
        self.publish(b"status", IDLE, parent)
        return kind != "shutdown_request"

    def serve(self):
        self.publish(b"status", b'{"execution_state": "starting"}', b"{}")
        poller = zmq.Poller()
        for socket in (self.shell, self.control, self.heartbeat):
            poller.register(socket, zmq.POLLIN)
        while True:
            try:
                ready = poller.poll()
            except KeyboardInterrupt:
                continue
            for socket, _ in ready:
                if socket is self.heartbeat:
                    socket.send(socket.recv())
                elif not self.answer(socket):
                    return


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        Kernel(json.load(file)).serve()
