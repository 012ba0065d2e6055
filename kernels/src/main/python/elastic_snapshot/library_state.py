"""Settings and random states that libraries keep for the process, of those libraries that are loaded."""

import pickle
import sys

from elastic_snapshot.pickling import reason_of

_PLAIN = (str, int, float, bool, type(None), tuple, list)


def take():
    settings, troubles = {}, {}
    for name, (take_one, _put) in _LIBRARIES.items():
        if name in sys.modules:
            try:
                taken = take_one(sys.modules[name])
                if taken is not None:
                    settings[name] = taken
            except Exception as trouble:  # another version keeps it elsewhere
                troubles[name] = reason_of(trouble)
    return {"settings": settings, "troubles": troubles, "backend": _backend()}


def put_back_settings(state, tell):
    for name, reason in state["troubles"].items():
        tell("settings of %s" % name, "settings", reason)
    for name, (_take, put) in _LIBRARIES.items():
        if name not in state["settings"]:
            continue
        try:
            module = __import__(name)
            put(module, pickle.loads(state["settings"][name]))
        except Exception as trouble:
            tell("settings of %s" % name, "settings", reason_of(trouble))


def _backend():
    matplotlib = sys.modules.get("matplotlib")
    backend = dict.get(matplotlib.rcParams, "backend") if hasattr(matplotlib, "rcParams") else None
    is_drawing = getattr(sys.modules.get("matplotlib.pyplot"), "_backend_mod", None) is not None
    return (backend if isinstance(backend, str) else None, is_drawing)


def put_back_backend(state, tell):
    """Before figures come back."""
    backend, is_drawing = state["backend"]
    if backend:
        try:
            import matplotlib

            matplotlib.use(backend)
            if is_drawing:
                # What draws first tells the notebook how figures are shown; figures that come back do not.
                from matplotlib import pyplot

                pyplot.switch_backend(backend)
        except Exception as trouble:
            tell("matplotlib backend", "settings", reason_of(trouble))


def _take_numpy(numpy):
    options = {name: value for name, value in numpy.get_printoptions().items() if name not in ("formatter", "override_repr")}
    # numpy.random is imported lazily since 2.x, and where it was not there is no state.
    random = numpy.random.get_state() if "numpy.random" in sys.modules else None
    return {"print": options, "errors": numpy.geterr(), "random": random}


def _put_numpy(numpy, state):
    numpy.set_printoptions(**state["print"])
    numpy.seterr(**state["errors"])
    if state["random"] is not None:
        numpy.random.set_state(state["random"])


def _take_pandas(pandas):
    from pandas._config import config

    changed = {}
    for name, option in config._registered_options.items():
        if name in config._deprecated_options:
            continue
        value = config.get_option(name)
        if value != option.defval and isinstance(value, _PLAIN):
            changed[name] = value
    return changed


def _put_pandas(pandas, changed):
    for name, value in changed.items():
        pandas.set_option(name, value)


def _take_matplotlib(matplotlib):
    skipped = ("backend", "backend_fallback")
    parameters = {k: v for k, v in dict.items(matplotlib.rcParams) if k not in skipped and dict.get(matplotlib.rcParamsDefault, k) != v}
    return parameters


def _put_matplotlib(matplotlib, parameters):
    matplotlib.rcParams.update(parameters)


def _take_inline(package):
    from matplotlib_inline.config import InlineBackend

    if not InlineBackend.initialized():
        return None
    shown = InlineBackend.instance()
    return {name: getattr(shown, name) for name in ("figure_formats", "print_figure_kwargs", "close_figures") if shown.has_trait(name)}


def _put_inline(package, state):
    from IPython import get_ipython
    from matplotlib_inline.config import InlineBackend

    shown = InlineBackend.instance(parent=get_ipython())
    for name, value in state.items():
        setattr(shown, name, value)


def _take_torch(torch):
    return {
        "random": torch.get_rng_state().numpy().tobytes(),
        "dtype": str(torch.get_default_dtype()).partition(".")[2],
        "threads": torch.get_num_threads(),
        "gradients": torch.is_grad_enabled(),
    }


def _put_torch(torch, state):
    torch.set_default_dtype(getattr(torch, state["dtype"]))
    torch.set_grad_enabled(state["gradients"])
    torch.set_rng_state(torch.frombuffer(bytearray(state["random"]), dtype=torch.uint8))


def _take_polars(polars):
    return polars.Config.save()


def _put_polars(polars, state):
    polars.Config.load(state)


def _take_sklearn(sklearn):
    return sklearn.get_config()


def _put_sklearn(sklearn, settings):
    sklearn.set_config(**settings)


_LIBRARIES = {
    "numpy": (_take_numpy, _put_numpy),
    "pandas": (_take_pandas, _put_pandas),
    "matplotlib": (_take_matplotlib, _put_matplotlib),
    "matplotlib_inline": (_take_inline, _put_inline),
    "torch": (_take_torch, _put_torch),
    "polars": (_take_polars, _put_polars),
    "sklearn": (_take_sklearn, _put_sklearn),
}
