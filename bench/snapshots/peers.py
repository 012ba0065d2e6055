"""The corpus with other ways to keep a notebook's variables, as a markdown table: peers.py [--engines NAME,NAME] [WORDS]

Each case runs alone: set up in a real kernel, saved by the engine, killed with SIGKILL, restored in a new kernel, checked.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "kernels" / "src" / "test" / "python"))

import corpus  # noqa: E402
import judge  # noqa: E402
import jupyter_client  # noqa: E402

SECONDS = 40


class Cells(judge.Engine):
    """An engine that is two texts of code, which run in the kernel without a trace in its history."""

    def __init__(self, folder):
        self.path = str(folder) + ".saved"

    def save(self, kernel):
        self._run(kernel, self.saving)

    def restore(self, kernel):
        told = self._run(kernel, self.restoring)
        return [("lost", {"name": name, "reason": reason, "type": "", "cell": None}) for name, reason in told]

    def _run(self, kernel, text):
        code = "print(__import__('json').dumps((lambda scope: (exec(%r, scope), scope.get('told', []))[1])({'names': globals(), 'path': %r})))"
        try:
            message = kernel.client.execute(code % (text, self.path), silent=False, store_history=False, allow_stdin=False)
            reply, output = kernel._finish(message, SECONDS)
        except (judge.CellFailed, queue.Empty, RuntimeError) as trouble:
            raise judge.EngineFailed(str(trouble)) from trouble
        if reply["status"] != "ok":
            raise judge.EngineFailed("%s: %s" % (reply.get("ename"), reply.get("evalue")))
        with contextlib.suppress(ValueError):
            return json.loads(output.strip().splitlines()[-1])
        return []


class Dill(Cells):
    """`dill.dump_module`, which `dump_session` is called by now: one file of the whole namespace."""

    name = "dill.dump_session"
    saving = "import dill; dill.dump_module(path)"
    restoring = "import dill; dill.load_module(path)"


class _EachVariable(Cells):
    """What a careful user does by hand: each variable for itself; those that raise are told."""

    saving = """
import NAME as pickler, pickle
hidden = names['get_ipython']().user_ns_hidden
saved, told = {}, []
for name, value in list(names.items()):
    if name.startswith('_') or name in ('In', 'Out', 'exit', 'quit', 'open', 'get_ipython') and name in hidden:
        continue
    try:
        saved[name] = pickler.dumps(value)
    except Exception as trouble:
        told.append((name, repr(trouble)[:100]))
with open(path, 'wb') as file:
    pickle.dump((saved, told), file)
"""
    restoring = """
import NAME as pickler, pickle
with open(path, 'rb') as file:
    saved, told = pickle.load(file)
for name, data in saved.items():
    try:
        names[name] = pickler.loads(data)
    except Exception as trouble:
        told.append((name, repr(trouble)[:100]))
"""

    def __init__(self, folder):
        Cells.__init__(self, folder)
        self.saving = self.saving.replace("NAME", self.library)
        self.restoring = self.restoring.replace("NAME", self.library)


class DillEach(_EachVariable):
    name, library = "dill, each variable", "dill"


class CloudpickleEach(_EachVariable):
    name, library = "cloudpickle, each variable", "cloudpickle"


class CloudpickleOnce(Cells):
    """One dictionary of everything, as notebooks that pickle themselves do."""

    name = "cloudpickle, one dictionary"
    saving = """
import cloudpickle
keep = {n: v for n, v in names.items() if not n.startswith('_') and n not in ('In', 'Out', 'exit', 'quit', 'open', 'get_ipython')}
with open(path, 'wb') as file:
    cloudpickle.dump(keep, file)
"""
    restoring = """
import pickle
with open(path, 'rb') as file:
    names.update(pickle.load(file))
"""


class Kishu(Cells):
    """Commits after each cell; a checkout loads what could be pickled, and runs cells again for the rest."""

    name = "Kishu"
    saving = """
with open(path + '.commit', 'w') as file:
    file.write(names['_kishu']._kishu_branch.get_head().commit_id)
"""
    starting = """
import nbformat, os
from kishu import init_kishu
if not os.path.exists(path):
    nbformat.write(nbformat.v4.new_notebook(), path)
init_kishu(path)
"""

    def __init__(self, folder):
        Cells.__init__(self, folder)
        self.path = str(folder) + ".ipynb"
        self.root = str(folder) + ".kishu"

    def start(self, folder):
        pathlib.Path(self.root).mkdir(exist_ok=True)
        of_kishu = {"KISHU_PATH_ROOT": self.root, "TEST_NOTEBOOK_PATH": self.path, "ENV_KISHU_TEST_MODE": "1"}
        kernel = judge.Kernel(folder, program_of("KISHU_PYTHON"), dict(judge.ENVIRONMENT, **of_kishu))
        self._run(kernel, self.starting)
        return kernel

    def restore(self, kernel):
        """As a cell, as its user does it."""
        kernel.must("_kishu.checkout(open(%r).read(), skip_notebook=True)" % (self.path + ".commit"), SECONDS)
        return []


class ElasticKernel(judge.Engine):
    """elastic-kernel, which holds ElasticNotebook: a kernel that decides which variables to store and which cells to run again."""

    name = "elastic-kernel (ElasticNotebook)"

    def __init__(self, folder):
        self.notebook = str(folder) + ".ipynb"
        pathlib.Path(self.notebook).write_text("{}")

    def start(self, folder):
        variables = dict(judge.ENVIRONMENT, JPY_SESSION_NAME=self.notebook)
        return judge.Kernel(folder, program_of("ELASTIC_KERNEL_PYTHON"), variables, "elastic_kernel.kernel")

    def save(self, kernel):
        message = kernel.client.session.msg("elastic_checkpoint_request", {})
        kernel.client.control_channel.send(message)
        try:
            reply = kernel._reply_on(kernel.client.get_control_msg, message["header"]["msg_id"], SECONDS)
        except queue.Empty as trouble:
            raise judge.EngineFailed("no end within %d s" % SECONDS) from trouble
        if not reply.get("ok"):
            raise judge.EngineFailed("save: %s" % reply)

    def restore(self, kernel):
        """It did so while it started."""
        return []


class Criu(judge.Engine):
    """CRIU by itself: the process is written to files, killed, and made again from them. It tells nothing of what it cut."""

    name = "CRIU"
    keeps_process = True

    def __init__(self, folder):
        self.images = pathlib.Path(str(folder) + ".images")
        self.generation = 0
        self.program = program_of("CRIU_PROGRAM")

    def start(self, folder):
        return _ProcessKernel(folder, environment=dict(judge.ENVIRONMENT, IPYTHONDIR=str(self.images) + ".ipython"))

    def save(self, kernel):
        self.generation += 1
        self._folder().mkdir(parents=True)
        kernel.client.stop_channels()
        self._run("dump", "--tree", str(kernel.pid()), "--skip-in-flight", "--ghost-limit", "64M")
        kernel.await_gone()

    def restore(self, kernel):
        self._run("restore", "--restore-detached")
        kernel.connect()
        return []

    def _folder(self):
        return self.images / str(self.generation)

    def _run(self, what, *options):
        log = what + ".log"
        command = [self.program, what, *options, "--tcp-close", "--file-locks", "--images-dir", str(self._folder()), "--log-file", log]
        if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS).returncode:
            errors = [line for line in (self._folder() / log).read_text(errors="replace").splitlines() if "Error (" in line and "RLIMIT" not in line]
            raise judge.EngineFailed("criu %s: %s" % (what, errors[:1]))


class _ProcessKernel(judge.Kernel):
    """A kernel whose process is nobody's child once CRIU has made it again."""

    def _start(self, folder, command, variables):
        # What it writes to must be no pipe to somebody else, and it must not end with its parent, which it has none of later.
        self.manager = jupyter_client.KernelManager(kernel_name="python3")
        self.manager.kernel_spec.argv = command
        self.manager.start_kernel(cwd=folder, env=variables, independent=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def connect(self):
        """Anew, as one who knows nothing of its manager, which takes it for dead now; ready once its output comes as well."""
        self.client = jupyter_client.BlockingKernelClient()
        self.client.load_connection_info(self.manager.get_connection_info())
        self.client.start_channels()
        for _ in range(SECONDS):
            with contextlib.suppress(queue.Empty):
                self._reply_on(self.client.get_shell_msg, self.client.kernel_info(), 1)
                self.client.get_iopub_msg(timeout=1)
                return
        raise judge.EngineFailed("nothing is heard of the process that was made again")

    def pid(self):
        return self.manager.provisioner.process.pid

    def await_gone(self):
        """Until its parent, which is we or init, has taken its end in, and its id is free."""
        self.manager.provisioner.process.poll()
        deadline = time.monotonic() + SECONDS
        while pathlib.Path("/proc/%d" % self.pid()).exists():
            if time.monotonic() > deadline:
                raise judge.EngineFailed("the process does not go")
            time.sleep(0.005)
            self.manager.provisioner.process.poll()

    def is_alive(self):
        try:
            return pathlib.Path("/proc/%d/stat" % self.pid()).read_text(errors="replace").rpartition(") ")[2][0] not in "ZX"
        except OSError:
            return False

    def kill(self):
        self.client.stop_channels()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid(), signal.SIGKILL)
        self.manager.provisioner.process.poll()
        self.manager.cleanup_resources()


def program_of(variable):
    """Some want an environment, or a program, of their own."""
    if not os.environ.get(variable):
        raise SystemExit("peers: set %s to what has it" % variable)
    return os.environ[variable]


ENGINES = {each.name: each for each in (judge.Helper, Dill, CloudpickleEach, Kishu, ElasticKernel, Criu, DillEach, CloudpickleOnce, judge.Control)}


def one(case, name):
    with tempfile.TemporaryDirectory(prefix="peers-", ignore_cleanup_errors=True) as folder:
        path = pathlib.Path(folder)
        (path / "work").mkdir()
        engine = ENGINES[name]
        try:
            (outcome,) = judge.run([case], path / "work", engine() if engine is judge.Control else engine(path / "store"))
            return outcome.verdict, outcome.detail
        except Exception as trouble:
            return "failed", " ".join(str(trouble).split())[-300:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", help="names with commas between: %s" % ", ".join(ENGINES))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth case, where an hour for each engine is too long")
    parser.add_argument("--details", help="a file for a line about each case")
    parser.add_argument("words", nargs="?", help="only cases whose category and title match")
    arguments = parser.parse_args()
    cases, left_out = judge.possible(judge.matching(corpus.all_cases(), arguments.words))
    cases = cases[:: arguments.every]
    names = arguments.engines.split(",") if arguments.engines else list(ENGINES)
    details = open(arguments.details or os.devnull, "w", buffering=1)
    print("%d cases; %d others are for other Pythons or for libraries that are not here.\n" % (len(cases), len(left_out)))
    print("| engine | %s |" % " | ".join(judge.VERDICTS))
    print("|---|%s" % ("---|" * len(judge.VERDICTS)), flush=True)
    for name in names:
        counts = collections.Counter()
        with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
            for case, (verdict, detail) in zip(cases, pool.map(one, cases, [name] * len(cases))):
                counts[verdict] += 1
                details.write("%s\t%s\t%s\t%s\n" % (name, verdict, case, detail))
        print("| %s | %s |" % (name, " | ".join(str(counts[each]) for each in judge.VERDICTS)), flush=True)


if __name__ == "__main__":
    main()
