"""The store on an HTTP server: what is sent, what is fetched, and what is said when something fails."""

import hashlib
import json
import os
import stat
import time

import object_server
import pytest
from elastic_snapshot import http_objects, linked_objects, store
from elastic_snapshot.failure import SnapshotFailure
from object_server import TOKEN, ObjectServer, answers, answers_unread, cuts, make_certificate

BIG = os.urandom(3 << 20)
BLOB = "%s-%d" % (hashlib.sha256(BIG).hexdigest(), len(BIG))


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(http_objects, "PAUSES", (0.01, 0.01, 0.01))


@pytest.fixture
def server(tmp_path):
    served = ObjectServer(tmp_path / "server")
    yield served
    served.close()


def opened(server, token=TOKEN, local=None, seconds=None, **more):
    return store.opened(dict({"kind": "http", "url": server.url, "token": token}, **more), local, seconds)


def save(into, generation=1):
    into.begin(generation)
    blob, written = into.put_blob([BIG[:100], BIG[100:]], len(BIG))
    into.put(store.PACK, [b"pa", b"", b"ck"])
    into.put(store.MANIFEST, [b"{}"])
    into.commit()
    return blob, written


def failure_of(function, *arguments):
    with pytest.raises(SnapshotFailure) as caught:
        function(*arguments)
    return caught.value


def test_objects_arrive_whole_and_the_manifest_last(server):
    assert save(opened(server)) == (BLOB, len(BIG))
    assert (server.folder / "blobs" / BLOB).read_bytes() == BIG
    assert (server.folder / "gen-000001" / "pack").read_bytes() == b"pack"
    assert server.requests[-1] == ("PUT", "gen-000001/manifest.json")


def test_a_blob_that_is_there_is_not_sent_again(server):
    save(opened(server))
    assert save(opened(server), 2) == (BLOB, 0)
    assert server.count("PUT", "blobs/") == 1


def test_a_blob_that_is_there_with_another_length_is_sent_again(server):
    save(opened(server))
    (server.folder / "blobs" / BLOB).write_bytes(b"torn")
    assert save(opened(server), 2) == (BLOB, len(BIG))
    assert (server.folder / "blobs" / BLOB).read_bytes() == BIG


def test_the_pack_has_the_digest_that_is_told(server):
    into = opened(server)
    into.begin(1)
    assert into.put(store.PACK, [BIG, BIG]) == (hashlib.sha256(BIG + BIG).hexdigest(), 2 * len(BIG))


def test_a_manifest_is_not_sent_when_a_blob_was_refused(server):
    server.once("PUT", "blobs/", answers(507, "the volume is full"))
    failure = failure_of(save, opened(server))
    assert (failure.code, "the volume is full" in failure.message) == ("no-space", True)
    assert server.count("PUT", "manifest") == 0


@pytest.mark.parametrize(
    "status, code", [(401, "store"), (403, "store"), (404, "store"), (409, "store"), (413, "too-large"), (507, "no-space"), (302, "store")]
)
def test_a_refusal_is_told_with_its_code_and_the_servers_words_at_once(server, status, code):
    server.once("PUT", "pack", answers(status, "words of the\nserver"))
    failure = failure_of(save, opened(server))
    assert failure.code == code
    assert "words of the server" in failure.message and str(status) in failure.message
    assert server.count("PUT", "pack") == 1


@pytest.mark.parametrize(
    "status, word, code",
    [
        (400, "EntityTooLarge", "too-large"),
        (403, "QuotaExceeded", "no-space"),
        (507, "XMinioStorageFull", "no-space"),
        (404, "NoSuchBucket", "store"),
        (403, "SignatureDoesNotMatch", "store"),
    ],
)
def test_what_an_object_store_says_in_xml_is_told_without_what_was_signed(server, status, word, code):
    xml = "<?xml version='1.0'?>\n<Error><Code>%s</Code><Message>some\nwords</Message><StringToSign>AWS4</StringToSign></Error>"
    server.once("PUT", "pack", answers(status, xml % word))
    failure = failure_of(save, opened(server))
    assert failure.code == code
    assert failure.message.endswith("answered %d to PUT gen-000001/pack: %s: some words" % (status, word))


def test_an_object_store_that_wants_less_haste_is_asked_again(server):
    server.once("PUT", "pack", answers(400, "<Error><Code>RequestTimeout</Code></Error>"))
    save(opened(server))
    assert server.count("PUT", "pack") == 2


def test_a_bucket_that_is_gone_is_no_snapshot_that_is_gone(server):
    save(opened(server))
    server.once("GET", "manifest", answers(404, "<Error><Code>NoSuchBucket</Code></Error>"))
    assert failure_of(opened(server).get, 1, store.MANIFEST).code == "store"
    server.once("GET", "manifest", answers(404, "<Error><Code>NoSuchKey</Code></Error>"))
    assert failure_of(opened(server).get, 1, store.MANIFEST).code == "missing"


class Links:
    """A gateway that gives links to the objects of a server."""

    def __init__(self, server):
        self.server = server
        self.questions = []

    def told(self, name, question):
        self.questions.append((name, json.loads(question)))
        return json.dumps({"target": "/base/%s?link" % name, "headers": {"content-length": "9", "Authorization": "Bearer " + TOKEN}}).encode()

    def disconnect(self):
        """It has no connection."""


def test_a_link_is_asked_for_at_each_try_with_what_the_object_is(server, monkeypatch):
    monkeypatch.setattr(object_server._Handler, "path_of", lambda handler: server.folder / handler.path[len("/base/") :].partition("?")[0])
    links = Links(server)
    objects = linked_objects.LinkedObjects(server.url[: -len("/base")], None, None, links)
    server.once("PUT", "pack", answers(503))
    objects.put("gen-000001/pack", [b"pa", b"ck"], lambda: "digest")
    assert links.questions == [("gen-000001/pack", {"method": "PUT", "size": 4, "sha256": "digest"})] * 2
    assert (server.folder / "gen-000001" / "pack").read_bytes() == b"pack"
    assert objects.size_of("gen-000001/pack") == 4
    server.once("HEAD", "pack", answers(403))
    assert objects.size_of("gen-000001/pack") is None
    pieces = []
    objects.get("gen-000001/pack", lambda: lambda piece: pieces.append(bytes(piece)))
    assert b"".join(pieces) == b"pack"


def test_a_gateway_that_gives_no_link_is_the_trouble(server):
    links = Links(server)
    links.told = lambda *_: b"[]"
    objects = linked_objects.LinkedObjects(server.url, None, None, links)
    failure = failure_of(objects.size_of, "gen-000001/pack")
    assert (failure.code, failure.message) == ("store", "the gateway gave no link to gen-000001/pack")


def test_a_refusal_before_the_body_was_read_is_heard(server):
    server.once("PUT", "blobs/", answers_unread(413, "at most 1 MiB"))
    failure = failure_of(save, opened(server))
    assert (failure.code, "at most 1 MiB" in failure.message) == ("too-large", True)


def test_a_wrong_token_is_no_matter_of_more_tries_and_is_not_told(server):
    failure = failure_of(save, opened(server, token="wrong-secret"))
    assert failure.code == "store" and "401" in failure.message
    assert "wrong-secret" not in failure.message
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [answers(500), answers(503, "starting"), cuts(1 << 20), cuts(0)])
def test_what_fails_once_is_sent_again(server, fault):
    server.once("PUT", "blobs/", fault)
    server.once("PUT", "manifest.json", fault)
    assert save(opened(server)) == (BLOB, len(BIG))
    assert (server.folder / "blobs" / BLOB).read_bytes() == BIG
    assert (server.folder / "gen-000001" / "manifest.json").read_bytes() == b"{}"
    assert (server.count("PUT", "blobs/"), server.count("PUT", "manifest.json")) == (2, 2)


def test_a_server_that_keeps_failing_ends_the_save(server):
    for _ in range(10):
        server.once("PUT", "pack", answers(503, "starting"))
    failure = failure_of(save, opened(server))
    assert failure.code == "store" and "starting" in failure.message
    assert server.count("PUT", "pack") == 4


def test_a_server_that_is_not_there_is_a_trouble_of_the_store(tmp_path):
    server = ObjectServer(tmp_path)
    server.close()
    failure = failure_of(save, opened(server))
    assert failure.code == "store" and "refused" in failure.message


def test_the_time_limit_ends_the_tries(server, monkeypatch):
    monkeypatch.setattr(http_objects, "PAUSES", (0.05,) * 1000)
    for _ in range(1000):
        server.once("PUT", "pack", answers(503, "starting"))
    into = opened(server, seconds=0.5)
    into.begin(1)
    failure = failure_of(into.put, store.PACK, [b"x"])
    assert failure.code == "time"
    assert 2 <= server.count("PUT", "pack") < 1000


def test_a_generation_is_fetched_whole_private_and_mapped(server, tmp_path):
    save(opened(server))
    local = tmp_path / "local" / "deep"
    source = opened(server, local=str(local))
    assert source.get(1, store.MANIFEST) == b"{}"
    assert bytes(source.mapped(1, store.PACK, 4)) == b"pack"
    source.fetch_blobs([BLOB])
    assert source.is_checked(BLOB)
    view = source.mapped_blob(BLOB, len(BIG))
    assert bytes(view) == BIG and not view.readonly
    view[0] ^= 1
    assert (local / "blobs" / BLOB).read_bytes() == BIG
    for each in [local, *local.rglob("*")]:
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each
    source.release()
    assert (local / "blobs" / BLOB).exists()
    assert [each for each in local.rglob(".tmp*")] == []


def test_what_an_earlier_try_fetched_is_not_fetched_again_and_is_checked_later(server, tmp_path):
    save(opened(server))
    opened(server, local=str(tmp_path / "local")).fetch_blobs([BLOB])
    source = opened(server, local=str(tmp_path / "local"))
    source.fetch_blobs([BLOB])
    assert server.count("GET", "blobs/") == 1
    assert not source.is_checked(BLOB)


def test_without_a_local_folder_one_is_made_and_goes_away(server):
    save(opened(server))
    source = opened(server)
    source.fetch_blobs([BLOB])
    view = source.mapped_blob(BLOB, len(BIG))
    folder = source.local.path
    source.release()
    assert not os.path.exists(folder)
    assert bytes(view) == BIG


@pytest.mark.parametrize("fault", [answers(500), cuts(1 << 20), cuts(0)])
def test_what_fails_once_is_fetched_again_from_its_start(server, tmp_path, fault):
    save(opened(server))
    source = opened(server, local=str(tmp_path / "local"))
    server.once("GET", "blobs/", fault)
    server.once("GET", "manifest.json", fault)
    source.fetch_blobs([BLOB])
    assert bytes(source.mapped_blob(BLOB, len(BIG))) == BIG
    assert source.get(1, store.MANIFEST) == b"{}"


def test_a_blob_that_the_server_lost_or_changed_costs_itself_alone(server, tmp_path):
    save(opened(server))
    other = "%s-%d" % ("0" * 64, 5)
    (server.folder / "blobs" / other).write_bytes(b"lying")
    gone = "%s-%d" % ("1" * 64, 7)
    source = opened(server, local=str(tmp_path / "local"))
    source.fetch_blobs([gone, other, BLOB])
    assert failure_of(source.mapped_blob, gone, 7).code == "missing"
    assert failure_of(source.mapped_blob, other, 5).code == "damaged"
    assert bytes(source.mapped_blob(BLOB, len(BIG))) == BIG
    assert not (tmp_path / "local" / "blobs" / other).exists()


def test_a_generation_that_is_not_there_is_missing(server):
    assert failure_of(opened(server).get, 3, store.MANIFEST).code == "missing"


def test_a_folder_that_cannot_be_written_is_told_and_not_tried_again(server, tmp_path):
    save(opened(server))
    (tmp_path / "file").write_text("")
    source = opened(server, local=str(tmp_path / "file"))
    assert failure_of(source.fetch_blobs, [BLOB]).code == "store"
    assert server.count("GET", "blobs/") == 0


def test_a_certificate_is_checked_against_the_authority_alone(tmp_path):
    certificate, authority = make_certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _certificate, other = make_certificate(tmp_path / "other")
    server = ObjectServer(tmp_path / "server", certificate)
    try:
        assert save(opened(server, authority=authority)) == (BLOB, len(BIG))
        for wrong in (other, None):
            failure = failure_of(save, opened(server, authority=wrong))
            assert (failure.code, "certificate" in failure.message) == ("store", True)
    finally:
        server.close()


@pytest.mark.parametrize(
    "description",
    [
        {"url": "ftp://host/x", "token": "t"},
        {"url": "https:///x", "token": "t"},
        {"url": "http://host:port/x", "token": "t"},
        {"url": 5, "token": "t"},
        {"url": "http://host/x", "token": "two\r\nlines"},
        {"url": "https://host/x", "token": "t", "authority": "no PEM"},
    ],
)
def test_a_store_that_cannot_be_one_is_a_bad_request(description):
    assert failure_of(store.opened, dict(description, kind="http")).code == "bad-request"
