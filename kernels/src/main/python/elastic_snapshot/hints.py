"""A NameError on a lost variable says that it was lost, why, and which cell made it."""

import sys

from elastic_snapshot import session


def install(shell):
    state = session.state()
    if state.hint is None and state.lost:
        state.hint = _after_cell
        shell.events.register("post_run_cell", _after_cell)


def _after_cell(result):
    error = getattr(result, "error_in_exec", None)
    if not isinstance(error, NameError):
        return
    name = getattr(error, "name", None) or str(error).partition("'")[2].partition("'")[0]
    entry = session.lost().get(name)
    if entry:
        cell = " Cell [%s] made it." % entry["cell"] if entry.get("cell") else ""
        sys.stderr.write("%s was lost when this kernel was hibernated: %s.%s\n" % (name, entry["reason"].rstrip("."), cell))
