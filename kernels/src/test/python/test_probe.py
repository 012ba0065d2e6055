"""What counts as work although no cell runs, in a real kernel."""

import pytest
from kernel import Kernel

BUSY = {
    "a thread in a loop": ("import threading, time\ndef work():\n    while go: time.sleep(0.05)\ngo = True\nthreading.Thread(target=work, daemon=True).start()", "go = False", "thread"),
    "a thread in a function of C": ("import threading\nlock = threading.Lock(); lock.acquire()\nthreading.Thread(target=lock.acquire, daemon=True).start()", "lock.release()", "thread"),
    "a timer": ("import threading\ntimer = threading.Timer(600, print); timer.daemon = True; timer.start()", "timer.cancel()", "thread"),
    "work in a pool": ("import time\nfrom concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1); go = True\ndef work():\n    while go: time.sleep(0.05)\ndone = pool.submit(work)", "go = False; done.result()", "thread"),
    "a child process": ("import subprocess\nchild = subprocess.Popen(['sleep', '600'])", "child.kill(); child.wait()", "process"),
    "a task": ("import asyncio\nasync def wait(): await asyncio.sleep(600)\ntask = asyncio.create_task(wait())", "task.cancel()", "task"),
}  # fmt: skip


@pytest.mark.parametrize("name", BUSY)
def test_work_in_the_background_keeps_a_kernel_busy_until_it_is_over(tmp_path, name):
    begin, end, kind = BUSY[name]
    kernel = Kernel(tmp_path)
    kernel.must(begin)
    assert [each["kind"] for each in kernel.call("probe")["busy"]] == [kind]
    kernel.must(end)
    kernel.must("import time; time.sleep(0.5)")
    assert kernel.call("probe")["busy"] == []
    kernel.kill()


@pytest.mark.parametrize(
    "code",
    [
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2); pool.submit(int).result()",
        "import threading\nthread = threading.Thread(target=int); thread.start(); thread.join()",
        "import asyncio\nawait asyncio.get_running_loop().run_in_executor(None, int)",
    ],
    ids=["a pool that waits", "a thread that ended", "the loop's own pool"],
)
def test_what_only_waits_for_work_does_not(tmp_path, code):
    kernel = Kernel(tmp_path)
    kernel.must(code)
    assert kernel.call("probe")["busy"] == []
    kernel.kill()


def test_a_child_that_its_launcher_had_before_does_not(tmp_path):
    (tmp_path / "launcher.py").write_text(
        "import os, sys, time\n"
        "if os.fork() == 0: time.sleep(600); os._exit(0)\n"
        "time.sleep(0.1)\n"
        "from ipykernel.kernelapp import IPKernelApp\n"
        "IPKernelApp.launch_instance(sys.argv[1:])\n"
    )
    kernel = Kernel(tmp_path, environment={"PYTHONPATH": str(tmp_path)}, module="launcher")
    assert kernel.call("probe")["busy"] == []
    kernel.must("import subprocess; child = subprocess.Popen(['sleep', '600'])")
    assert [each["name"] for each in kernel.call("probe")["busy"]] == ["sleep"]
    kernel.must("import os, signal\nfor each in open('/proc/self/task/%d/children' % os.getpid()).read().split(): os.kill(int(each), signal.SIGKILL)")
    kernel.kill()
