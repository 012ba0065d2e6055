"""A folder of snapshots, with files that get to the disk beside the writing of others."""

import errno
import os
import stat
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


def modes(folder):
    return {name: oct(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode)) for name in names(folder)}


def test_what_is_shared_is_the_groups_whatever_the_umask_is(tmp_path):
    path = tmp_path / "volume"
    path.mkdir()
    before = os.umask(0o077)
    try:
        into = store.DirectoryStore(str(path), is_shared=True)
        into.begin(1)
        name, _ = into.put_blob([blob(1)], SIZE)
        finish(into)
    finally:
        os.umask(before)
    assert modes(path) == {"blobs": "0o2770", "gen-000001": "0o2770"}
    assert modes(path / "blobs") == {name: "0o640"}
    assert modes(path / "gen-000001") == {store.MANIFEST: "0o640", store.PACK: "0o640"}


def test_a_volume_that_is_not_mounted_is_not_made_up(tmp_path):
    into = store.opened({"kind": "directory", "path": str(tmp_path / "nowhere"), "shared": True})
    with pytest.raises(SnapshotFailure) as raised:
        into.begin(1)
    assert (raised.value.code, "not mounted" in raised.value.message) == ("store", True)
    assert names(tmp_path) == []


def test_what_is_read_in_is_the_same_and_needs_the_file_no_more(into):
    name, _ = into.put_blob([blob(1)], SIZE)
    finish(into)
    reading = store.opened({"kind": "directory", "path": into.path, "map": False})
    view = reading.mapped_blob(name, SIZE)
    path = os.path.join(into.blobs, name)
    os.truncate(path, 0)  # what is mapped would end the process here
    assert bytes(view) == blob(1)
    view[0] = 7  # like what is mapped it can be written, and nobody else sees it
    assert bytes(reading.mapped(1, store.PACK, 4)) == b"pack"
    assert bytes(reading.mapped(1, store.PACK, 0)) == b""
    for wrong, code in ((lambda: reading.mapped_blob(name, SIZE), "damaged"), (lambda: reading.mapped_blob("none-1", 1), "missing")):
        with pytest.raises(SnapshotFailure) as raised:
            wrong()
        assert raised.value.code == code
