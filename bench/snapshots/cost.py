"""What hibernation costs a kernel, as a markdown table: cost.py [--rounds N] [--megabytes N]"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "kernels" / "src" / "test" / "python"))

from kernel import Kernel, Snapshots  # noqa: E402
from memory import Peak  # noqa: E402
from object_server import TOKEN, ObjectServer  # noqa: E402

SMALL = """
import datetime, collections
for n in range(20): globals()['number_%d' % n] = n * 1.5
for n in range(10): globals()['words_%d' % n] = ['word %d' % k for k in range(100)]
for n in range(10): globals()['table_%d' % n] = {k: {'x': k, 'y': str(k)} for k in range(50)}
def scaled(x, by=2): return x * by + number_1
def deep(x): return [scaled(each) for each in x]
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def moved(self, by): return Point(self.x + by, self.y)
points = [Point(n, n) for n in range(100)]
when = datetime.datetime(2026, 1, 1); counts = collections.Counter('some text'); first = points[0]; alias = points
"""


class Rows:
    """Figures by row, over the rounds."""

    def __init__(self):
        self.found = {}

    def add(self, row, figure, unit):
        self.found.setdefault(row, (unit, []))[1].append(figure)

    def print(self):
        print("| what | median | lowest – highest |\n|---|---|---|")
        for row, (unit, figures) in self.found.items():
            form = "%.0f" if unit in ("ms", "MB") else "%.2f"
            values = tuple(form % each for each in (statistics.median(figures), min(figures), max(figures)))
            print("| %s, %s | %s | %s – %s |" % ((row, unit) + values))


class Timer:
    def __enter__(self):
        self.started = time.perf_counter()
        return self

    def __exit__(self, *_exception):
        self.seconds = time.perf_counter() - self.started


def good(answer):
    if answer["status"] not in ("saved", "restored", "probed"):
        raise SystemExit("cost: %s" % answer)
    return answer


def raw_write(folder, megabytes):
    """What the disk allows: the same bytes, written and flushed by nobody else."""
    piece = os.urandom(1 << 20)
    path = folder / "raw"
    with Timer() as timer:
        with open(path, "wb", buffering=0) as file:
            for _ in range(megabytes):
                file.write(piece)
            os.fsync(file.fileno())
    path.unlink()
    return timer.seconds


def large(rows, folder, megabytes, server=None):
    where = "to an HTTP server on this machine" if server else "to a folder"
    make = "import numpy\nparts = [numpy.random.default_rng(n).random(%d) for n in range(8)]" % (megabytes * (1 << 17) // 8)
    snapshots = Snapshots(folder / "store")
    more = {"store": {"kind": "http", "url": server.url, "token": TOKEN}} if server else {}
    kernel = Kernel(folder)
    kernel.must(make, timeout=300)
    kernel.call("probe")
    with Peak(kernel) as peak, Timer() as timer:
        good(snapshots.save(kernel, **more))
    size = "%.1f GB of arrays" % (megabytes / 1024)
    rows.add("save of %s %s" % (size, where), timer.seconds, "s")
    rows.add("memory more while saving %s" % where, peak.more / 2**20, "MB")
    with Timer() as timer:
        good(snapshots.save(kernel, **more))
    rows.add("save again, nothing has changed, %s" % where, timer.seconds, "s")
    kernel.kill()
    kernel = Kernel(folder)
    kernel.must("import numpy, numpy.random")
    kernel.call("probe")
    if server:
        more["local"] = str(folder / "local")
    with Peak(kernel) as peak, Timer() as timer:
        good(snapshots.restore(kernel, **more))
    rows.add("restore %s" % where.replace("to a", "from a"), timer.seconds, "s")
    rows.add("memory more while restoring %s" % where.replace("to a", "from a"), peak.more / 2**20, "MB")
    for label, code in (("first read of it all", "[float(p.sum()) for p in parts]"), ("first write to it all", "for p in parts: p += 1")):
        with Timer() as timer:
            kernel.must(code, timeout=300)
        rows.add("%s, restored %s" % (label, where.replace("to a", "from a")), timer.seconds, "s")
    kernel.kill()


def small(rows, folder):
    kernel = Kernel(folder)
    for row in ("first call: the helper comes and answers a probe", "second call"):
        with Timer() as timer:
            good(kernel.call("probe"))
        rows.add(row, timer.seconds * 1000, "ms")
    kernel.must(SMALL)
    snapshots = Snapshots(folder / "store")
    with Timer() as timer:
        good(snapshots.save(kernel))
    rows.add("save of a session of 50 small variables", timer.seconds * 1000, "ms")
    with Timer() as timer:
        good(snapshots.save(kernel))
    rows.add("save of it, once more", timer.seconds * 1000, "ms")
    kernel.kill()
    kernel = Kernel(folder)
    with Timer() as timer:
        good(snapshots.restore(kernel))
    rows.add("restore of it in a new process, with the helper's coming", timer.seconds * 1000, "ms")
    kernel.must("assert deep([1]) == [3.5] and alias is points and first is points[0]")
    kernel.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1024)
    arguments = parser.parse_args()
    rows = Rows()
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory(prefix="cost-") as folder:
            small(rows, pathlib.Path(folder))
        with tempfile.TemporaryDirectory(prefix="cost-") as folder:
            path = pathlib.Path(folder)
            rows.add("raw write and flush of %.1f GB" % (arguments.megabytes / 1024), raw_write(path, arguments.megabytes), "s")
            large(rows, path, arguments.megabytes)
        with tempfile.TemporaryDirectory(prefix="cost-") as folder:
            path = pathlib.Path(folder)
            server = ObjectServer(path / "server")
            large(rows, path, arguments.megabytes, server)
            server.close()
    rows.print()


if __name__ == "__main__":
    main()
