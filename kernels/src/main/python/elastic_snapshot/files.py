"""Open files, databases in files or in memory, standard streams, and IPython's own objects.

A file is opened again where it was; what it holds is the disk's business. Nothing here makes or empties a file.
Names of this module are written into snapshots: keep them.
"""

import io
import os
import sys

from elastic_snapshot import functions
from elastic_snapshot.lost import SnapshotLost
from elastic_snapshot.reducing import reduces, reduces_named

_open = io.open


def standard_stream(name):
    return getattr(sys, name)


def shell():
    return functions.shell()


def open_again(path, mode, settings, position):
    if not os.path.exists(path):
        raise SnapshotLost("the file %s is not there" % path)
    if mode.startswith(("w", "x")):  # it exists by now, and keeps its content
        mode = mode.replace("+", "").replace("w", "r+").replace("x", "r+")
    file = _open(path, mode, **settings)
    if "a" not in mode and position is not None:
        file.seek(position)
    return file


def open_database(path, content, settings):
    import sqlite3

    if content is None and not os.path.exists(path):
        raise SnapshotLost("the database file %s is not there" % path)  # connect() would make an empty one
    factories = settings.pop("factories")
    connection = sqlite3.connect(path, **settings)
    if content is not None:
        connection.deserialize(content)
    connection.row_factory, connection.text_factory = factories
    return connection


@reduces(io.TextIOWrapper)
def _text(pickler, file):
    standard = _standard(file)
    if standard:
        return standard
    if file.closed:
        raise TypeError("this file is closed")
    mode = getattr(file, "mode", None) or getattr(file.buffer, "mode", None)
    settings = {"encoding": file.encoding, "errors": file.errors}
    return _again(pickler, file, mode, settings)


@reduces(io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.FileIO)
def _binary(pickler, file):
    standard = _standard(file)
    if standard:
        return standard
    if file.closed:
        raise TypeError("this file is closed")
    mode = file.mode if isinstance(file.mode, str) else "rb"
    settings = {"buffering": 0} if type(file) is io.FileIO else {}
    return _again(pickler, file, mode if "b" in mode else mode + "b", settings)


def _again(pickler, file, mode, settings):
    if not isinstance(file.name, (str, bytes, os.PathLike)):
        raise TypeError("this file has no path")
    if not isinstance(mode, str):
        raise TypeError("this file does not say how it was opened")
    if file.isatty():
        raise TypeError("a terminal does not outlive its process")
    if file.writable():
        file.flush()
    path = _real_path(file)
    position = file.tell() if file.seekable() else None
    if position is None:
        raise TypeError("a pipe does not outlive its process")
    pickler.note("%s is opened again at its position" % os.path.basename(path))
    return (open_again, (path, mode, settings, position))


def _real_path(file):
    """Where the open file is by now: it may have been moved, or the working directory changed."""
    name = os.path.abspath(os.fsdecode(file.name))
    try:
        real = os.readlink("/proc/self/fd/%d" % file.fileno())
    except OSError:
        return name
    if real.endswith(" (deleted)"):
        raise TypeError("this file is deleted")
    if not os.path.isfile(real):
        raise TypeError("a pipe or device does not outlive its process")
    return real


def _standard(file):
    for name in ("stdout", "stderr", "stdin", "__stdout__", "__stderr__", "__stdin__"):
        if file is getattr(sys, name, None):
            return (standard_stream, (name,))
    return None


@reduces_named(("ipykernel.iostream", "OutStream"))
def _out_stream(_pickler, stream):
    standard = _standard(stream)
    if standard:
        return standard
    raise TypeError("an output stream of another process")


@reduces_named(("ipykernel.zmqshell", "ZMQInteractiveShell"), ("IPython.core.interactiveshell", "InteractiveShell"))
def _shell(_pickler, _shell_object):
    return (shell, ())


@reduces_named(("sqlite3", "Connection"))
def _database(pickler, connection):
    if connection.in_transaction:
        pickler.note("its open transaction is rolled back")
    rows = connection.cursor().execute("pragma database_list").fetchall()
    named = {row[1]: row[2] for row in (tuple(each) for each in rows)}
    if set(named) - {"main", "temp"}:
        raise TypeError("further databases are attached to it")
    path = named.get("main")
    settings = {
        "isolation_level": connection.isolation_level,
        "factories": (connection.row_factory, connection.text_factory),
    }
    if path and os.path.isabs(path):  # one in memory that came back once says that it is in the file x
        pickler.note("the connection to %s is opened again" % os.path.basename(path))
        return (open_database, (path, None, settings))
    if not hasattr(connection, "serialize"):
        raise TypeError("a database in memory; Python 3.11 and later can keep it")
    if connection.in_transaction:
        raise TypeError("a database in memory with an open transaction")
    pickler.note("functions that were registered with it are gone")
    return (open_database, (":memory:", connection.serialize(), settings))


@reduces_named(("sqlite3", "Cursor"))
def _cursor(_pickler, _cursor_object):
    raise TypeError("a cursor belongs to its connection")


@reduces_named(("posix", "DirEntry"))
def _entry(_pickler, _entry_object):
    raise TypeError("an entry of a folder that was being read")
