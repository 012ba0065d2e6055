"""The source of the notebook's cells, so that tracebacks and `inspect.getsource` show it after a restore."""

import linecache


def take(collected):
    files = {file for segment in collected.segments for file in segment.sources}
    return {file: linecache.cache[file] for file in files if len(linecache.cache.get(file, ())) == 4}


def put_back(sources):
    linecache.cache.update(sources)
    # IPython's own check of the cache keeps the entries that are noted here.
    ipython = getattr(linecache, "_ipython_cache", None)
    if ipython is not None:
        ipython.update(sources)
