"""Tests import the helper from its sources, as the kernels of the tests do from the packed text."""

import collections
import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "main" / "python"))

if os.environ.get("SNAPSHOT_TESTS") == "few":
    # On a further Python: the corpus, and what is no kernel's business.
    collect_ignore = ["test_http_restore.py", "test_keep_awake.py", "test_figures.py", "test_r.py"]


def pytest_terminal_summary(terminalreporter):
    """What does not run here is said, with the reason."""
    module = sys.modules.get("test_corpus")
    if module is not None:
        for reason, count in collections.Counter(reason for _case, reason in module.LEFT_OUT).items():
            terminalreporter.write_line("%d cases of the corpus do not run: %s" % (count, reason))
    for name in globals().get("collect_ignore", ()):
        terminalreporter.write_line("%s does not run: on the build's Python only" % name)
