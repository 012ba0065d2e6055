"""Real kernels, and the calls that a gateway makes of them."""

import base64
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import jupyter_client

PACK = pathlib.Path(__file__).resolve().parents[2] / "main" / "python" / "pack"
KEY = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
START_SECONDS = 120


def _load_pack():
    loader = importlib.machinery.SourceFileLoader("pack", str(PACK))
    spec = importlib.util.spec_from_loader("pack", loader)
    module = importlib.util.module_from_spec(spec)
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = bytecode
    return module


EXPRESSION = _load_pack().expression()


class CellFailed(AssertionError):
    """A cell of a test raised what it should not."""


class Kernel:
    """One ipykernel process, started in a folder. `python` may name another interpreter than the one of the tests, `module` another kernel."""

    def __init__(self, folder, python=sys.executable, environment=None, module="ipykernel_launcher"):
        variables = dict(os.environ, IPYTHONDIR=str(pathlib.Path(tempfile.gettempdir()) / "elastic-snapshot-ipython"))
        variables.pop("MPLBACKEND", None)
        variables.update(environment or {})
        for attempt in range(3):
            try:
                self._start(str(folder), [python, "-m", module, "-f", "{connection_file}"], variables)
                return
            except RuntimeError as trouble:  # another test took one of its ports between the choice and the start
                if attempt == 2:
                    raise
                print("another start, since %s" % trouble)

    def _start(self, folder, command, variables):
        self.manager = jupyter_client.KernelManager(kernel_name="python3")
        self.manager.kernel_spec.argv = command
        self.manager.start_kernel(cwd=folder, env=variables, stderr=subprocess.DEVNULL)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=START_SECONDS)

    def run(self, code, timeout=60):
        """Runs a cell; answers (reply content, text of its streams and results)."""
        message = self.client.execute(code, store_history=True, allow_stdin=False)
        return self._finish(message, timeout)

    def must(self, code, timeout=60):
        reply, text = self.run(code, timeout)
        if reply["status"] != "ok":
            raise CellFailed("%s\n%s" % (code, "\n".join(reply.get("traceback", [reply["status"]]))))
        return text

    def call(self, name, timeout=300, channel="shell", **request):
        """What the gateway does: one user expression of a request without code. Answers what it says."""
        message_id = self.tell(name, channel, **request)
        get = self.client.get_control_msg if channel == "control" else self.client.get_shell_msg
        answer = self._reply_on(get, message_id, timeout)["user_expressions"]["snapshot"]
        if answer["status"] != "ok":
            raise CellFailed("the call %s failed: %s" % (name, "\n".join(answer.get("traceback", []))))
        data = answer["data"]
        return data["application/json"] if "application/json" in data else json.loads(data["text/plain"])

    def tell(self, name, channel, **request):
        """The same without waiting for an answer. Answers the message's id."""
        encoded = base64.b64encode(json.dumps(request).encode()).decode()
        expression = EXPRESSION.replace("@CALL@", name).replace("@REQUEST@", encoded)
        content = dict(code="", silent=True, store_history=False, allow_stdin=False, stop_on_error=False, user_expressions={"snapshot": expression})
        message = self.client.session.msg("execute_request", content)
        (self.client.control_channel if channel == "control" else self.client.shell_channel).send(message)
        return message["header"]["msg_id"]

    def _reply_on(self, get, message_id, timeout):
        deadline = time.monotonic() + timeout
        while True:
            reply = get(timeout=max(0.1, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]

    def _finish(self, message_id, timeout):
        text = []
        deadline = time.monotonic() + timeout
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                raise CellFailed("no end within %d s" % timeout) from None
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                text.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                text.append(content["data"].get("text/plain", ""))
            elif kind == "status" and content["execution_state"] == "idle":
                break
        return self._reply_on(self.client.get_shell_msg, message_id, timeout), "".join(text)

    def kill(self):
        """As after a commit: no orderly end."""
        self.client.stop_channels()
        process = self.manager.provisioner.process
        if self.is_alive():
            process.send_signal(signal.SIGKILL)
        process.wait()
        self.manager.cleanup_resources()

    def await_end(self, timeout=30):
        """Waits until it has ended by itself, and answers how."""
        return self.manager.provisioner.process.wait(timeout)

    def is_alive(self):
        return self.manager.provisioner.process.poll() is None


class Snapshots:
    """A folder of generations, and the newest one's pinned digest."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.generation = 0
        self.digest = None

    def save(self, kernel, **more):
        request = dict(store={"kind": "directory", "path": str(self.folder)}, kernel="k1", generation=self.generation + 1, key=KEY)
        request.update(more)
        answer = kernel.call("save", **request)
        if answer["status"] == "saved":
            self.generation, self.digest = answer["generation"], answer["digest"]
        return answer

    def restore(self, kernel, **more):
        request = dict(store={"kind": "directory", "path": str(self.folder)}, kernel="k1", generation=self.generation, key=KEY, digest=self.digest)
        request.update(more)
        return kernel.call("restore", **request)

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
