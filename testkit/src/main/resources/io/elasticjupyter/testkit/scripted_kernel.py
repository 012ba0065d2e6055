"""A Jupyter kernel that does what the code of an execute_request says, line by line; for tests.

It is started like any kernel, `python scripted_kernel.py -f {connection_file}`, needs only pyzmq, and is
up in a tenth of a second. COMMANDS below lists its language, the arguments how it can misbehave.
The protocol is that of "Messaging in Jupyter", version 5.4.
"""

import argparse
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid

import zmq

DELIMITER = b"<IDS|MSG>"
PREPARED_AT_MOST = 64 * 1024 * 1024


def packed(value):
    return json.dumps(value, separators=(",", ":")).encode()


class ScriptError(Exception):
    """What a line of the script says shall be told as an error of the cell."""

    def __init__(self, name, value):
        super().__init__(value)
        self.name = name


class Kernel:
    def __init__(self, connection, options):
        self.options = options
        self.key = connection["key"].encode()
        self.session = uuid.uuid4().hex
        self.execution_count = 0
        self.executing = False
        self.parent = {}
        self.variables = {}
        self.grandchildren = []
        self.context = zmq.Context()
        # Control and shell run on two threads; both publish.
        self.publishing = threading.Lock()
        self.iopub = self.bound(zmq.PUB, connection, "iopub_port", sndhwm=options.iopub_hwm)
        self.shell = self.bound(zmq.ROUTER, connection, "shell_port")
        self.control = self.bound(zmq.ROUTER, connection, "control_port")
        self.stdin = self.bound(zmq.ROUTER, connection, "stdin_port")
        self.heartbeat = self.bound(zmq.REP, connection, "hb_port")

    def bound(self, kind, connection, port, sndhwm=0):
        socket = self.context.socket(kind)
        socket.linger = 1000
        socket.sndhwm = sndhwm
        socket.rcvhwm = 0
        if kind == zmq.ROUTER and not self.options.no_handover:
            # As ipykernel does: a client that reconnects under its identity takes the place of the lost connection.
            socket.router_handover = 1
        separator = "-" if connection["transport"] == "ipc" else ":"
        socket.bind(f"{connection['transport']}://{connection['ip']}{separator}{connection[port]}")
        return socket

    # What goes out.

    def signature(self, parts):
        digest = hmac.new(self.key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return digest.hexdigest().encode()

    def message(self, kind, content, parent, metadata=None):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self.session,
            "username": "scripted",
            "date": time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime()),
            "version": "5.4",
        }
        return [packed(header), packed(parent), packed(metadata or {}), packed(content)]

    def frames(self, kind, content, parent, buffers=(), metadata=None, signature=None):
        parts = self.message(kind, content, parent, metadata)
        return [DELIMITER, signature or self.signature(parts), *parts, *buffers]

    def publish(self, kind, content, buffers=(), parent=None, signature=None, metadata=None):
        parent = self.parent if parent is None else parent
        frames = [kind.encode(), *self.frames(kind, content, parent, buffers, metadata, signature)]
        with self.publishing:
            self.iopub.send_multipart(frames)

    def stream(self, text, name="stdout", signature=None):
        self.publish("stream", {"name": name, "text": text}, signature=signature)

    def reply(self, socket, identities, kind, content, parent):
        socket.send_multipart([*identities, *self.frames(kind, content, parent)])

    # What comes in.

    def receive(self, socket):
        frames = socket.recv_multipart()
        at = frames.index(DELIMITER)
        identities, signature, parts = frames[:at], frames[at + 1], frames[at + 2 : at + 6]
        if self.key and not hmac.compare_digest(signature, self.signature(parts)):
            print("a request with a wrong signature was dropped", file=sys.stderr, flush=True)
            return None
        header, _, _, content = (json.loads(part) for part in parts)
        return identities, header, content, frames[at + 6 :]

    def run(self):
        threading.Thread(target=self.beat, daemon=True).start()
        if self.options.never_answer:
            while True:
                time.sleep(3600)
        threading.Thread(target=self.serve, args=(self.control,), daemon=True).start()
        self.publish("status", {"execution_state": "starting"}, parent={})
        self.serve(self.shell)

    def beat(self):
        while True:
            self.heartbeat.send(self.heartbeat.recv())

    def serve(self, socket):
        while True:
            received = self.receive(socket)
            if received is None:
                continue
            identities, header, content, buffers = received
            handler = getattr(self, "on_" + header["msg_type"], None)
            if handler is None:
                print(f"no answer to {header['msg_type']}", file=sys.stderr, flush=True)
                continue
            self.publish("status", {"execution_state": "busy"}, parent=header)
            try:
                answer = handler(identities, header, content, buffers)
                if answer is not None:
                    self.reply(socket, identities, header["msg_type"].replace("_request", "_reply"), answer, header)
            finally:
                self.publish("status", {"execution_state": "idle"}, parent=header)
            if header["msg_type"] == "shutdown_request" and not self.options.ignore_shutdown:
                self.end(0)

    def on_kernel_info_request(self, identities, header, content, buffers):
        return {
            "status": "ok",
            "protocol_version": "5.4",
            "implementation": "scripted",
            "implementation_version": "1.0",
            "banner": "A scripted kernel for tests",
            "help_links": [],
            "language_info": {
                "name": "scripted",
                "version": "1.0",
                "mimetype": "text/plain",
                "file_extension": ".txt",
            },
        }

    def on_execute_request(self, identities, header, content, buffers):
        self.execution_count += 1
        self.parent, self.identities = header, identities
        count = self.execution_count
        if not content.get("silent"):
            self.publish("execute_input", {"code": content["code"], "execution_count": count})
        try:
            self.executing = True
            for line in content["code"].splitlines():
                if line.strip():
                    word, _, rest = line.strip().partition(" ")
                    command = COMMANDS.get(word)
                    if command is None:
                        raise ScriptError("SyntaxError", f"no such command: {word}")
                    command(self, rest)
        except ScriptError as failure:
            return self.failed(count, failure.name, str(failure))
        except KeyboardInterrupt:
            return self.failed(count, "KeyboardInterrupt", "")
        finally:
            self.executing = False
        return {"status": "ok", "execution_count": count, "payload": [], "user_expressions": {}}

    def failed(self, count, name, value):
        error = {"ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}
        self.publish("error", error)
        return {"status": "error", "execution_count": count, **error}

    def on_interrupt_request(self, identities, header, content, buffers):
        os.kill(os.getpid(), signal.SIGINT)
        return {"status": "ok"}

    def on_shutdown_request(self, identities, header, content, buffers):
        return {"status": "ok", "restart": content.get("restart", False)}

    def on_is_complete_request(self, identities, header, content, buffers):
        return {"status": "complete"}

    def on_complete_request(self, identities, header, content, buffers):
        end = content["cursor_pos"]
        return {"status": "ok", "matches": sorted(COMMANDS), "cursor_start": end, "cursor_end": end, "metadata": {}}

    def on_inspect_request(self, identities, header, content, buffers):
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}

    def on_history_request(self, identities, header, content, buffers):
        return {"status": "ok", "history": []}

    def on_comm_info_request(self, identities, header, content, buffers):
        return {"status": "ok", "comms": {}}

    def on_comm_open(self, identities, header, content, buffers):
        self.publish("comm_msg", {"comm_id": content["comm_id"], "data": content["data"]}, buffers, parent=header)

    on_comm_msg = on_comm_open

    def on_comm_close(self, identities, header, content, buffers):
        return None

    def interrupted(self):
        if self.executing:
            raise KeyboardInterrupt

    def end(self, code):
        # The sockets belong to several threads, so none of them may close them all: libzmq aborts or hangs then. Its own
        # thread sends what is queued.
        time.sleep(0.3)
        os._exit(code)

    # The language.

    def command_flood(self, rest):
        count, size = (int(word) for word in rest.split())
        padding = "x" * max(0, size - 9) + "\n"

        def prepared():
            for number in range(count):
                text = f"{number:07d} {padding}"
                yield [b"stream", *self.frames("stream", {"name": "stdout", "text": text}, self.parent)]

        messages = list(prepared()) if count * size <= PREPARED_AT_MOST else prepared()
        with self.publishing:
            for frames in messages:
                self.iopub.send_multipart(frames)

    def command_tick(self, rest):
        count, seconds = rest.split()
        for number in range(int(count)):
            self.stream(f"{number:07d}\n")
            time.sleep(float(seconds))

    def command_input(self, rest):
        self.stdin.send_multipart(
            [*self.identities, *self.frames("input_request", {"prompt": rest, "password": False}, self.parent)]
        )
        # In small steps, for an interrupt between them.
        while not self.stdin.poll(100):
            pass
        received = self.receive(self.stdin)
        self.stream(f"got {received[2]['value']}\n" if received else "got a wrong signature\n")

    def command_badsig(self, rest):
        for number in range(int(rest)):
            self.stream(f"forged {number}\n", signature=b"0" * 64)

    def command_hang(self, rest):
        while True:
            time.sleep(3600)

    def command_exit(self, rest):
        self.end(int(rest or 0))

    def command_crash(self, rest):
        os.kill(os.getpid(), signal.SIGKILL)

    def command_set(self, rest):
        name, _, value = rest.partition(" ")
        self.variables[name] = value

    def command_get(self, rest):
        if rest not in self.variables:
            raise ScriptError("NameError", f"name '{rest}' is not defined")
        self.stream(self.variables[rest] + "\n")

    def command_error(self, rest):
        name, _, value = rest.partition(" ")
        raise ScriptError(name, value)

    def command_binary(self, rest):
        count, size = (int(word) for word in rest.split())
        buffers = [bytes([number % 256]) * size for number in range(count)]
        self.publish("display_data", {"data": {"text/plain": "binary"}, "metadata": {}, "transient": {}}, buffers)

    def command_orphan(self, rest):
        self.publish("stream", {"name": "stdout", "text": rest + "\n"}, parent={})

    def command_child(self, rest):
        child = subprocess.Popen(["sleep", rest])
        self.grandchildren.append(child)
        self.stream(f"{child.pid}\n")

    def command_display(self, rest):
        self.publish("display_data", {"data": {"text/plain": rest}, "metadata": {}, "transient": {}})


COMMANDS = {
    # What a cell does.
    "print": lambda kernel, rest: kernel.stream(rest + "\n"),
    "display": Kernel.command_display,
    "error": Kernel.command_error,
    "sleep": lambda kernel, rest: time.sleep(float(rest)),
    "set": Kernel.command_set,
    "get": Kernel.command_get,
    "input": Kernel.command_input,
    "env": lambda kernel, rest: kernel.stream(os.environ.get(rest, "(unset)") + "\n"),
    "pid": lambda kernel, rest: kernel.stream(f"{os.getpid()}\n"),
    "cwd": lambda kernel, rest: kernel.stream(os.getcwd() + "\n"),
    "child": Kernel.command_child,
    # Much output: flood COUNT SIZE, tick COUNT SECONDS, big MEGABYTES, binary COUNT SIZE.
    "flood": Kernel.command_flood,
    "tick": Kernel.command_tick,
    "big": lambda kernel, rest: kernel.stream("x" * (int(rest) * 1024 * 1024 - 1) + "\n"),
    "binary": Kernel.command_binary,
    # Misbehaviour.
    "badsig": Kernel.command_badsig,
    "orphan": Kernel.command_orphan,
    "hang": Kernel.command_hang,
    "exit": Kernel.command_exit,
    "crash": Kernel.command_crash,
    "stderr": lambda kernel, rest: print(rest, file=sys.stderr, flush=True),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-f", dest="connection_file", required=True)
    parser.add_argument("--delay", type=float, default=0, help="seconds before it listens")
    parser.add_argument("--never-answer", action="store_true", help="listens, and answers only the heartbeat")
    parser.add_argument("--exit-at-once", type=int, metavar="CODE", help="ends before it listens")
    parser.add_argument("--complain", default="", metavar="TEXT", help="what it writes to standard error first")
    parser.add_argument("--ignore-shutdown", action="store_true", help="answers shutdown_request and stays")
    parser.add_argument("--ignore-term", action="store_true", help="does not end by SIGTERM")
    parser.add_argument("--no-handover", action="store_true", help="its ROUTERs let nobody take over an identity")
    parser.add_argument("--iopub-hwm", type=int, default=0, help="beyond so many queued messages, publishing drops")
    options = parser.parse_args()
    if options.complain:
        print(options.complain, file=sys.stderr, flush=True)
    if options.exit_at_once is not None:
        sys.exit(options.exit_at_once)
    if options.ignore_term:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(options.delay)
    with open(options.connection_file) as file:
        kernel = Kernel(json.load(file), options)
    signal.signal(signal.SIGINT, lambda number, frame: kernel.interrupted())
    kernel.run()


if __name__ == "__main__":
    main()
