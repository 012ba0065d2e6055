"""What IPython keeps for its user: inputs, outputs, history, count, magics, hooks, formatters, aliases, settings."""

import logging
import pathlib

from elastic_snapshot import elsewhere, patches  # noqa: F401 - the second registers its kinds
from elastic_snapshot.pickling import reason_of

_PLAIN = (str, int, float, bool)
_NOT_OURS = ("banner1", "banner2", "ipython_dir", "execution_count")


def take(shell):
    history = shell.history_manager
    state = {
        "count": shell.execution_count,
        "inputs": list(shell.user_ns.get("_ih", [])),
        "raw_inputs": list(history.input_hist_raw),
        "folders": [str(each) for each in shell.user_ns.get("_dh", [])],
        "extensions": sorted(shell.extension_manager.loaded),
        "aliases": list(shell.alias_manager.aliases),
        "settings": _settings(shell),
        "active_types": list(shell.display_formatter.active_types),
        "text": _settings(shell.display_formatter.formatters["text/plain"]),
    }
    autoreload = shell.magics_manager.registry.get("AutoreloadMagics")
    if autoreload is not None:
        state["autoreload"] = (autoreload._reloader.enabled, autoreload._reloader.check_all)
    return state


def _settings(configurable):
    found = {}
    for name in configurable.trait_names(config=True):
        try:
            value = getattr(configurable, name)
        except Exception as trouble:
            logging.getLogger(__name__).debug("%s: %s", name, trouble)
            continue
        if isinstance(value, _PLAIN) and name not in _NOT_OURS:
            found[name] = value
    return found


def put_back_first(shell, state, tell):
    for name in state["extensions"]:
        if name not in shell.extension_manager.loaded:
            try:
                shell.extension_manager.load_extension(name)
            except (Exception, SystemExit) as trouble:
                tell("extension %s" % name, "extension", reason_of(trouble))


def put_back_last(shell, state, found, tell):
    _inputs(shell, state)
    for key, value in found.items():
        with elsewhere.told(tell, key):
            elsewhere.put(shell, key, value)
    present = {name for name, _command in shell.alias_manager.aliases}
    for name, command in state["aliases"]:
        if name not in present:
            try:
                shell.alias_manager.define_alias(name, command)
            except Exception as trouble:
                tell("alias %s" % name, "alias", reason_of(trouble))
    _put_settings(shell, state["settings"], tell)
    _put_settings(shell.display_formatter.formatters["text/plain"], state["text"], tell)
    if list(shell.display_formatter.active_types) != state["active_types"]:
        shell.display_formatter.active_types = state["active_types"]
    if "autoreload" in state:
        reloader = shell.magics_manager.registry["AutoreloadMagics"]._reloader
        reloader.enabled, reloader.check_all = state["autoreload"]
    shell.execution_count = state["count"]


def _put_settings(configurable, settings, tell):
    for name, value in settings.items():
        try:
            if getattr(configurable, name) != value:
                setattr(configurable, name, value)
        except Exception as trouble:
            tell("setting %s" % name, "setting", reason_of(trouble))


def _inputs(shell, state):
    names, history = shell.user_ns, shell.history_manager
    # In place: `In` and `_ih` are the lists that IPython goes on appending to.
    history.input_hist_parsed[:] = state["inputs"]
    history.input_hist_raw[:] = state["raw_inputs"]
    names["In"] = names["_ih"] = history.input_hist_parsed
    for number in range(1, len(state["raw_inputs"])):
        names["_i%d" % number] = state["raw_inputs"][number]
    last = state["raw_inputs"][::-1][:3] if len(state["raw_inputs"]) > 1 else []
    for name, text in zip(("_i", "_ii", "_iii"), last):
        names[name] = text
    history._i00 = last[0] if last else ""
    names["_dh"][:] = [pathlib.Path(each) for each in state["folders"]]
