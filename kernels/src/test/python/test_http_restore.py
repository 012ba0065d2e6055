"""Real kernels that save to an HTTP server and wake from it."""

import os
import threading

import pytest
from kernel import Kernel, Snapshots
from memory import Peak
from object_server import TOKEN, ObjectServer, answers, cuts, make_certificate

ARRAY_BYTES = int(os.environ.get("SNAPSHOT_TEST_ARRAY_MB", "120")) << 20


class HttpSnapshots(Snapshots):
    """The generations of one kernel on a server; `more` goes into the description of the store."""

    def __init__(self, server, local, **more):
        Snapshots.__init__(self, local)
        self.store = dict({"kind": "http", "url": server.url, "token": TOKEN}, **more)

    def save(self, kernel, **more):
        return Snapshots.save(self, kernel, **dict({"store": self.store}, **more))

    def restore(self, kernel, **more):
        return Snapshots.restore(self, kernel, **dict({"store": self.store, "local": str(self.folder)}, **more))


@pytest.fixture
def server(tmp_path):
    served = ObjectServer(tmp_path / "server")
    yield served
    served.close()


@pytest.fixture
def kernels(tmp_path):
    started = []

    def start():
        started.append(Kernel(tmp_path))
        return started[-1]

    yield start
    for each in started:
        if each.is_alive():
            each.kill()


@pytest.mark.parametrize("fork", ["auto", "never"])
def test_variables_outlive_their_process_on_a_server_that_fails_once(server, kernels, tmp_path, fork):
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("import numpy\nbig = numpy.arange(400_000.0)\nview = big[10:]\nwords = ['a'] * 3")
    server.once("PUT", "blobs/", cuts(1 << 20))
    server.once("PUT", "pack", answers(500))
    answer = snapshots.save(kernel, fork=fork)
    assert (answer["status"], answer["report"]["forked"]) == ("saved", fork == "auto"), answer
    assert server.requests[-1] == ("PUT", "gen-000001/manifest.json")
    kernel.must("words.append('b')")
    answer = snapshots.save(kernel, fork=fork)
    assert answer["status"] == "saved" and answer["report"]["written"] < 1 << 20, answer
    kernel.kill()

    kernel = kernels()
    server.once("GET", "blobs/", cuts(1 << 20))
    answer = snapshots.restore(kernel)
    assert answer["status"] == "restored" and not answer["report"]["lost"], answer
    kernel.must("assert words == ['a', 'a', 'a', 'b']")
    kernel.must("view[0] = -1; assert big[10] == -1 and big.sum() == sum(range(400_000)) - 11")
    assert kernel.call("probe")["damaged"] == []
    server.close()
    kernel.must("assert big[-1] == 399_999")  # nothing is read from the server any more


def test_a_save_and_a_restore_over_tls(kernels, tmp_path):
    certificate, authority = make_certificate(tmp_path)
    server = ObjectServer(tmp_path / "server", certificate)
    snapshots = HttpSnapshots(server, tmp_path / "local", authority=authority)
    try:
        kernel = kernels()
        kernel.must("text = 'x' * 3_000_000")
        assert snapshots.save(kernel)["status"] == "saved"
        kernel.kill()
        kernel = kernels()
        assert snapshots.restore(kernel)["status"] == "restored"
        kernel.must("assert text == 'x' * 3_000_000")
        kernel.kill()
    finally:
        server.close()


def test_a_refused_save_leaves_the_kernel_as_it_was(server, kernels, tmp_path):
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("x = 1")
    server.once("PUT", "pack", answers(507, "nothing is left of 5 GB"))
    answer = snapshots.save(kernel)
    assert (answer["status"], answer["code"]) == ("failed", "no-space")
    assert "nothing is left of 5 GB" in answer["message"]
    kernel.must("assert x == 1")
    assert snapshots.save(kernel)["status"] == "saved"


def test_a_server_that_hangs_is_left_when_the_time_is_over(server, kernels, tmp_path):
    let_go = threading.Event()
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("x = 1")
    server.once("PUT", "pack", lambda handler: let_go.wait(60))
    answer = snapshots.save(kernel, limits={"total_seconds": 3})
    let_go.set()
    assert (answer["status"], answer["code"]) == ("failed", "time"), answer
    kernel.must("assert x == 1")


def test_a_generation_that_the_server_lost_is_refused(server, kernels, tmp_path):
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("x = 1")
    assert snapshots.save(kernel)["status"] == "saved"
    (server.folder / "gen-000001" / "pack").unlink()
    answer = snapshots.restore(kernel)
    assert (answer["status"], answer["code"]) == ("refused", "missing"), answer


def test_a_restore_whose_server_is_away_is_refused_and_can_be_tried_again(server, kernels, tmp_path):
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("import numpy\nbig = numpy.ones(400_000)\nx = 1")
    assert snapshots.save(kernel)["status"] == "saved"
    kernel.kill()
    kernel = kernels()
    for _ in range(10):
        server.once("GET", "blobs/", answers(503, "starting"))
    answer = snapshots.restore(kernel)
    assert (answer["status"], answer["code"], "starting" in answer["message"]) == ("refused", "store", True), answer
    kernel.must("assert 'x' not in globals()")
    server.faults.clear()
    assert snapshots.restore(kernel)["status"] == "restored"
    kernel.must("assert big.sum() == 400_000 and x == 1")


def test_memory_stays_flat_while_a_large_array_is_sent_and_fetched(server, kernels, tmp_path):
    snapshots = HttpSnapshots(server, tmp_path / "local")
    kernel = kernels()
    kernel.must("import numpy\nbig = numpy.random.default_rng(1).random(%d)\nx = 1" % (ARRAY_BYTES // 8))
    with Peak(kernel) as small:  # what a forked child and its modules take
        assert snapshots.save(kernel, exclude=["big"])["status"] == "saved"
    with Peak(kernel) as peak:
        assert snapshots.save(kernel)["status"] == "saved"
    print("save: %d MB more than %d MB, %d MB without the array" % (peak.more >> 20, peak.before >> 20, small.more >> 20))
    assert peak.more - small.more <= ARRAY_BYTES / 10
    kernel.kill()

    kernel = kernels()
    kernel.must("import numpy, numpy.random")
    kernel.call("probe")
    with Peak(kernel) as peak:
        assert snapshots.restore(kernel)["status"] == "restored"
    print("restore: %d MB more than %d MB" % (peak.more >> 20, peak.before >> 20))
    assert peak.more <= ARRAY_BYTES / 10
    kernel.must("assert big[:5].tolist() == numpy.random.default_rng(1).random(5).tolist()")
