"""A folder of snapshots, with files that get to the disk beside the writing of others."""

import errno
import os
import threading

import pytest
from elastic_snapshot import flushing, store
from elastic_snapshot.failure import SnapshotFailure

SIZE = (4 << 20) + 5


def blob(n):
    return bytes([n]) * SIZE


def names(folder):
    return sorted(os.listdir(folder))


@pytest.fixture
def into(tmp_path):
    into = store.DirectoryStore(str(tmp_path / "snapshots"))
    into.begin(1)
    return into


def finish(into):
    into.put(store.PACK, [b"pack"])
    into.put(store.MANIFEST, [b'{"segments": []}'])
    into.commit()


def test_blobs_of_one_size_are_told_apart_and_equal_ones_are_there_once(into, tmp_path):
    first, written = into.put_blob([blob(1)], SIZE)
    second, _ = into.put_blob([blob(2)[:100], blob(2)[100:]], SIZE)
    again, _ = into.put_blob([blob(1)], SIZE)
    assert (written, again, first == second) == (SIZE, first, False)
    finish(into)
    blobs = tmp_path / "snapshots" / "blobs"
    assert names(blobs) == sorted([first, second])
    assert (blobs / first).read_bytes() == blob(1)
    assert (blobs / second).read_bytes() == blob(2)
    assert names(tmp_path / "snapshots" / "gen-000001") == [store.MANIFEST, store.PACK]


def test_what_an_earlier_save_has_written_is_not_written_again(into, tmp_path):
    name, _ = into.put_blob([blob(1)], SIZE)
    finish(into)
    later = store.DirectoryStore(into.path)
    later.begin(2)
    assert later.put_blob([blob(1)], SIZE) == (name, 0)
    other, written = later.put_blob([blob(2)], SIZE)
    assert written == SIZE
    finish(later)
    assert names(tmp_path / "snapshots" / "blobs") == sorted([name, other])


def test_a_blob_has_no_name_before_the_disk_has_it(into, tmp_path, monkeypatch):
    allowed = threading.Event()
    real = os.fsync

    def fsync(descriptor):
        assert allowed.wait(60)
        real(descriptor)

    monkeypatch.setattr(flushing.os, "fsync", fsync)
    name, _ = into.put_blob([blob(1)], SIZE)
    assert [each.startswith(".tmp-") for each in names(into.blobs)] == [True]
    allowed.set()
    finish(into)
    assert names(into.blobs) == [name]


@pytest.mark.parametrize("when", ["blob", "commit"])
def test_a_full_disk_that_is_found_while_flushing_leaves_nothing(into, monkeypatch, when):
    def fsync(_descriptor):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(flushing.os, "fsync", fsync)
    open_before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(SnapshotFailure) as raised:
        for n in range(1 if when == "commit" else 50):
            into.put_blob([blob(n)], SIZE)
        into.commit()
    assert raised.value.code == "no-space"
    monkeypatch.undo()
    into.abort()
    assert names(into.blobs) == []
    assert names(into.path) == ["blobs"]
    assert set(os.listdir("/proc/self/fd")) <= open_before


def test_a_save_that_is_given_up_waits_for_nothing_it_does_not_need(into):
    for n in range(5):
        into.put_blob([blob(n)], SIZE)
    into.abort()
    assert [each for each in names(into.blobs) if each.startswith(".tmp-")] == []
    assert threading.active_count() == len([each for each in threading.enumerate() if each.name != "elastic-snapshot-flush"])
