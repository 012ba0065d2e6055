"""Runs cases of the corpus through a real kernel that is killed and one that wakes, and judges what became of them.

    kept      the case's check passes in the woken kernel
    reported  it does not, and the engine has said so
    silent    a name is gone and nothing was said
    wrong     something is there, is not what it was, and nothing was said
    neighbor  something beside the case, which has nothing to do with it, is gone or wrong
    failed    the engine, or a kernel, did not get through
"""

import collections
import importlib.util
import json
import re
import sys

from kernel import CellFailed, Kernel, Snapshots

VERDICTS = ("kept", "reported", "silent", "wrong", "neighbor", "failed")
NEIGHBORS = "neighbor_list = [1, {'k': 'v'}]; neighbor_other = {'k': 'v'}"
NEIGHBORS_CHECK = "assert neighbor_list == [1, {'k': 'v'}] and neighbor_other == {'k': 'v'}"
NAMES = "__import__('json').dumps(sorted(n for n in globals() if '__' in n[1:] and not n.startswith('__') or n.startswith('neighbor_')))"
ENVIRONMENT = {"SNAPSHOT_TEST_DELETED": "was there", "MPLBACKEND": "agg"}


class Outcome:
    """What became of one case."""

    def __init__(self, case, verdict, detail="", entries=()):
        self.case = case
        self.verdict = verdict
        self.detail = detail
        self.entries = list(entries)

    def complaint(self):
        """What is worse than the case allows, or None."""
        if self.verdict not in ("kept", "reported"):
            return self.detail
        lost = {entry["name"] for kind, entry in self.entries if kind == "lost"}
        more = sorted(name for name in lost - set(self.case.lost) if name.startswith(self.case.prefix))
        if more and not self.case.told:
            return "lost more than it may: %s" % self._reasons(more)
        partial = {entry["name"] for kind, entry in self.entries if kind == "partial"}
        more = sorted(name for name in partial - set(self.case.partial) - set(self.case.lost) if name.startswith(self.case.prefix))
        if more and not self.case.told:
            return "partial, which it may not be: %s" % self._reasons(more)
        if self.verdict == "reported" and not (self.case.lost or self.case.partial or self.case.told):
            return "it is not kept: %s" % self.detail
        return None

    def _reasons(self, names):
        return "; ".join("%s: %s" % (entry["name"], entry["reason"]) for _kind, entry in self.entries if entry["name"] in names)

    def __str__(self):
        return "%-9s %s%s" % (self.verdict, self.case, "  (%s)" % self.detail if self.detail else "")


class Engine:
    """What keeps variables: `save(kernel)`, and `restore(kernel)`, which gives (kind, entry) of what it tells."""

    keeps_process = False

    def start(self, folder):
        return Kernel(folder, environment=ENVIRONMENT)


class Helper(Engine):
    """The engine that is ours."""

    name = "elastic-snapshot"

    def __init__(self, folder, **limits):
        self.snapshots = Snapshots(folder)
        self.limits = dict({"variable_seconds": 2}, **limits)

    def save(self, kernel):
        answer = self.snapshots.save(kernel, limits=self.limits)
        if answer["status"] != "saved":
            raise EngineFailed("save: %s" % answer)

    def restore(self, kernel):
        answer = self.snapshots.restore(kernel, limits=self.limits)
        if answer["status"] != "restored":
            raise EngineFailed("restore: %s" % answer)
        return [(kind, entry) for kind in ("lost", "partial", "rebuilt") for entry in answer["report"][kind]]


class Control(Engine):
    """No hibernation at all: every check has to pass with it."""

    name = "no hibernation"
    keeps_process = True

    def save(self, kernel):
        """Nothing happens."""

    def restore(self, kernel):
        return []


class EngineFailed(Exception):
    """An engine that could not save or restore."""


def installed():
    names = ("numpy", "pandas", "polars", "pyarrow", "sklearn", "matplotlib", "torch")
    return {name for name in names if importlib.util.find_spec(name)}


def possible(cases):
    """(cases that can run here, the others with their reasons)."""
    libraries, can, cannot = installed(), [], []
    for each in cases:
        reason = each.why_not(sys.version_info[:2], libraries)
        can.append(each) if reason is None else cannot.append((each, reason))
    return can, cannot


def run(cases, folder, engine, times=1):
    """Sets all cases up in one kernel, saves, kills, restores in a new one `times` times, and judges each."""
    kernel = engine.start(folder)
    try:
        kernel.must(NEIGHBORS)
        for each in cases:
            for cell in each.cells:
                kernel.must(cell)
        before = _names(kernel)
        entries = []
        for _ in range(times):
            engine.save(kernel)
            if not engine.keeps_process:
                kernel.kill()
                kernel = engine.start(folder)
            entries += engine.restore(kernel)
        after = _names(kernel)
        gone = before - after
        untold = gone - {entry["name"] for _kind, entry in entries}
        outcomes = [_judge(kernel, each, entries, untold) for each in cases]
        return _with_neighbors(kernel, outcomes, gone)
    except EngineFailed as trouble:
        return [Outcome(each, "failed", str(trouble)[-500:]) for each in cases[:1]] + [Outcome(each, "failed", "as the first") for each in cases[1:]]
    finally:
        if kernel.is_alive():
            kernel.kill()


def _names(kernel):
    return set(json.loads(eval(kernel.must(NAMES))))


def _judge(kernel, case, entries, untold):
    ours = [(kind, entry) for kind, entry in entries if case.is_about(entry)]
    silent = sorted(name for name in untold if name.startswith(case.prefix))
    if silent:
        return Outcome(case, "silent", "nothing was said of %s" % ", ".join(silent[:5]), ours)
    if not kernel.is_alive():
        return Outcome(case, "failed", "the woken kernel is dead", ours)
    try:
        reply, _text = kernel.run(case.check, timeout=20)
    except CellFailed as trouble:
        kernel.kill()
        return Outcome(case, "wrong", "the check: %s" % trouble, ours)
    if reply["status"] == "ok":
        return Outcome(case, "kept", "", ours)
    error = "%s: %s" % (reply.get("ename"), reply.get("evalue"))
    reason = "; ".join("%s: %s" % (entry["name"], entry["reason"]) for _kind, entry in ours)
    if reply.get("ename") == "SnapshotLost" or reply.get("ename") == "NameError" and any(kind == "lost" for kind, _entry in ours):
        return Outcome(case, "reported", reason, ours)
    if ours and (case.told or case.partial):
        return Outcome(case, "reported", reason, ours)
    return Outcome(case, "wrong", "%s%s" % (error, " [told: %s]" % reason if reason else ""), ours)


def _with_neighbors(kernel, outcomes, gone):
    """Where one of the neighbors is hurt, all cases are suspects; alone there is one."""
    names = sorted(name for name in gone if name.startswith("neighbor_"))
    text = "%s is gone" % ", ".join(names) if names else ""
    if not text and kernel.is_alive():
        reply, _text = kernel.run(NEIGHBORS_CHECK)
        text = "" if reply["status"] == "ok" else "%s: %s" % (reply.get("ename"), reply.get("evalue"))
    if text:
        for each in outcomes:
            each.verdict, each.detail = "neighbor", text
    return outcomes


def table(outcomes):
    """Counts by category, as markdown."""
    counts = collections.defaultdict(collections.Counter)
    for each in outcomes:
        counts[each.case.category][each.verdict] += 1
        counts["all"][each.verdict] += 1
    lines = ["| category | cases | %s |" % " | ".join(VERDICTS), "|---|%s" % ("---|" * (len(VERDICTS) + 1))]
    for category, found in counts.items():
        if category != "all":
            lines.append(_row(category, found))
    return "\n".join(lines + [_row("**all**", counts["all"])])


def _row(name, found):
    return "| %s | %d | %s |" % (name, sum(found.values()), " | ".join(str(found[each]) for each in VERDICTS))


def matching(cases, words):
    return [each for each in cases if not words or re.search(words, repr(each))]
