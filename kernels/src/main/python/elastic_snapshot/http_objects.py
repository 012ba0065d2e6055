"""Objects of an HTTP server, put and got as streams, with a few more tries where the connection or the server fails.

Standard library only, no redirects and no proxies: the token goes to the server that the gateway named and nowhere else.
"""

import http.client
import re
import socket
import time
import urllib.parse

from elastic_snapshot.failure import SnapshotFailure

PAUSES = (0.25, 0.5, 1, 2, 4)  # between tries: as long as a gateway needs to be started again
CONNECT_SECONDS = 10
STANDSTILL_SECONDS = 60  # no byte goes out or comes in
ANSWER_SECONDS = 120  # after the last byte: a server flushes to its disk before it answers
PIECE_BYTES = 1 << 20
MOST_TEXT = 500

_PASSING = {408, 425, 429, 500, 502, 503, 504}
_CODES = {413: "too-large", 507: "no-space"}

# What object stores say in XML: the same where a status tells less.
_PASSING_WORDS = {"RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable"}
_CODES_OF_WORDS = {"EntityTooLarge": "too-large", "QuotaExceeded": "no-space", "XMinioStorageFull": "no-space", "NoSuchBucket": "store"}
_XML_ERROR = re.compile("<Error>.*?<Code>([^<]*)</Code>(?:.*?<Message>([^<]*)</Message>)?", re.DOTALL)


class _Trouble(Exception):
    """The server could not answer this time."""


class HttpObjects:
    """One connection to a server, opened when it is needed first. For one thread at a time, except `close`."""

    who = "the store"
    absent = (404,)  # what answers a HEAD of an object that is not there

    def __init__(self, url, token, context, deadline):
        """`context` is the TLS context of a https server; `deadline` is of time.monotonic(), or None."""
        parts = urllib.parse.urlsplit(url)
        self.is_secure = parts.scheme == "https"
        self.host, self.port = parts.hostname, parts.port
        self.address = parts.netloc.rpartition("@")[2]
        self.base = parts.path.rstrip("/")
        self.token = token
        self.context = context
        self.deadline = deadline
        self.connection = None
        self.is_closed = False
        self.last = None  # what went wrong at the last try of what is being tried

    def put(self, name, parts, digest=None):
        """Sends an object of some buffers; it is not copied together. `digest` gives the SHA-256 where it is needed."""
        views = [view.cast("B") for view in map(memoryview, parts) if view.nbytes]

        def exchange():
            self._ask("PUT", name, sum(view.nbytes for view in views), digest)
            try:
                for view in views:
                    for offset in range(0, view.nbytes, PIECE_BYTES):
                        self._wait_at_most(STANDSTILL_SECONDS)
                        self.connection.send(view[offset : offset + PIECE_BYTES])
            except OSError:
                # A server may refuse what it has not read to the end; then its answer is there, and tells more.
                self._answer("PUT", name)
                raise
            self._answer("PUT", name).read()

        self._tried("PUT", name, exchange)

    def size_of(self, name):
        """The length of an object, or None where there is none."""

        def exchange():
            self._ask("HEAD", name)
            response = self._answer("HEAD", name, also=self.absent)
            response.read()
            length = response.getheader("Content-Length", "")
            return int(length) if response.status not in self.absent and length.isdigit() else None

        return self._tried("HEAD", name, exchange)

    def get(self, name, begin):
        """Reads an object. `begin` is called at each try, and gives a function that is handed the pieces. Answers the length."""

        def exchange():
            self._ask("GET", name)
            response = self._answer("GET", name)
            promised = response.length
            take = begin()
            piece = memoryview(bytearray(PIECE_BYTES))
            length = 0
            while True:
                self._wait_at_most(STANDSTILL_SECONDS)
                size = response.readinto(piece)
                if not size:
                    break
                take(piece[:size])
                length += size
            if promised is not None and length != promised:
                raise _Trouble("the connection was lost after %d of %d bytes" % (length, promised))
            return length

        return self._tried("GET", name, exchange)

    def told(self, name, question):
        """What the server answers to a question of a few bytes."""

        def exchange():
            self._ask("POST", name, len(question))
            self.connection.send(question)
            return self._answer("POST", name).read()

        return self._tried("POST", name, exchange)

    def disconnect(self):
        """The next use connects again."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def close(self):
        """Also ends what another thread sends."""
        self.is_closed = True
        self.disconnect()

    def _target(self, _method, name, _length, _digest):
        """Path and query of an object, and the headers that belong to it."""
        return "%s/%s" % (self.base, name), {"Authorization": "Bearer %s" % self.token} if self.token else {}

    def _ask(self, method, name, length=None, digest=None):
        target, headers = self._target(method, name, length, digest)
        if self.connection is None:
            self.connection = self._connected()
        self._wait_at_most(STANDSTILL_SECONDS)
        self.connection.putrequest(method, target)
        for header, value in headers.items():
            self.connection.putheader(header, value)
        if length is not None:
            self.connection.putheader("Content-Type", "application/octet-stream")
            self.connection.putheader("Content-Length", str(length))
        self.connection.endheaders()

    def _connected(self):
        seconds = self._seconds_left(CONNECT_SECONDS)
        if self.is_secure:
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=seconds, context=self.context)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _answer(self, method, name, also=()):
        """The response, where it is a good one."""
        self._wait_at_most(ANSWER_SECONDS)
        response = self.connection.getresponse()
        if 200 <= response.status < 300 or response.status in also:
            return response
        word, text = _words(response.read(4 * MOST_TEXT).decode("utf-8", "replace"))
        self.disconnect()
        told = "%s answered %d to %s %s: %s" % (self.who, response.status, method, name, text or response.reason)
        if response.status in _PASSING or word in _PASSING_WORDS:
            raise _Trouble(told)
        if word in _CODES_OF_WORDS:
            raise SnapshotFailure(_CODES_OF_WORDS[word], told)
        if response.status == 404 and method == "GET":
            raise SnapshotFailure("missing", told)
        raise SnapshotFailure(_CODES.get(response.status, "store"), told)

    def _tried(self, method, name, exchange):
        for pause in PAUSES + (None,):
            try:
                result = exchange()
                self.last = None
                return result
            except (OSError, http.client.HTTPException, _Trouble) as trouble:
                self.disconnect()
                self.last = "cannot %s %s at %s: %s" % (method, name, self.address, _text(trouble))
                if pause is None or self.is_closed or _is_for_good(trouble):
                    raise SnapshotFailure("store", self.last) from trouble
                time.sleep(min(pause, self._seconds_left(pause)))
            except BaseException:
                self.disconnect()  # it may be in the middle of something
                raise

    def _wait_at_most(self, seconds):
        # A response that ends the connection takes the socket from it; what is left to read then has the last limit.
        if self.connection.sock is not None:
            self.connection.sock.settimeout(self._seconds_left(seconds))

    def _seconds_left(self, most):
        if self.deadline is None:
            return most
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise SnapshotFailure("time", "the store did not take or give everything in time%s" % (": " + self.last if self.last else ""))
        return min(most, left)


def _words(body):
    """What a server says, and an object store's word for it. Its XML is not told whole: it may repeat what was signed."""
    error = _XML_ERROR.search(body)
    if error:
        word, text = error.group(1), error.group(2) or ""
        return word, ("%s: %s" % (word, " ".join(text.split())))[:MOST_TEXT]
    return None, " ".join(body.split())[:MOST_TEXT]


def _is_for_good(trouble):
    """Whether another try would end the same way: a certificate that is not the right one stays so."""
    return type(trouble).__name__ == "SSLCertVerificationError"


def _text(trouble):
    return str(trouble) if isinstance(trouble, _Trouble) else "%s: %s" % (type(trouble).__name__, trouble)
