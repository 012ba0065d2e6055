"""Drives the scripted kernel with jupyter_client, the reference; ends with an assertion if it strays."""

import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

PATIENCE = 60


def execute(client, code):
    """The texts, in order, and the reply of one cell."""
    texts = []

    def output(message):
        if message["msg_type"] != "status":
            texts.append(message["content"].get("text", message["msg_type"]))

    reply = client.execute_interactive(
        code,
        timeout=PATIENCE,
        output_hook=output,
        stdin_hook=lambda message: client.input("typed"),
    )
    return texts, reply["content"]


def drive(name, folder, transport):
    manager = KernelManager(kernel_name=name, transport=transport, kernel_spec_manager=KernelSpecManager(kernel_dirs=[folder]))
    if transport == "ipc":
        manager.ip = f"{folder}/{name}"
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        texts, reply = execute(client, "print hello\nset x 41\nget x")
        assert texts == ["execute_input", "hello\n", "41\n"], texts
        assert reply["status"] == "ok", reply

        texts, reply = execute(client, "error ValueError no good")
        assert texts == ["execute_input", "error"], texts
        assert (reply["ename"], reply["evalue"]) == ("ValueError", "no good"), reply

        texts, _ = execute(client, "flood 2000 100")
        assert [int(text[:7]) for text in texts[1:]] == list(range(2000)), texts[:5]
        assert {len(text) for text in texts[1:]} == {100}, texts[1]

        texts, _ = execute(client, "input name?")
        assert texts == ["execute_input", "got typed\n"], texts

        request = client.execute("print begun\nhang")
        while client.get_iopub_msg(timeout=PATIENCE)["content"].get("text") != "begun\n":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=PATIENCE)
        assert reply["parent_header"]["msg_id"] == request, reply
        assert reply["content"]["ename"] == "KeyboardInterrupt", reply

        client.execute("exit 3")
        deadline = time.monotonic() + PATIENCE
        while manager.is_alive():
            assert time.monotonic() < deadline, "it did not end"
            time.sleep(0.02)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    folder = sys.argv[1]
    drive("by-signal", folder, "tcp")
    drive("by-message", folder, "ipc")
    print("it does what it is told")
