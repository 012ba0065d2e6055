"""A server of objects as a gateway is one, with the faults that a test asks for."""

import http.server
import pathlib
import shutil
import socket
import ssl
import subprocess
import threading

TOKEN = "right"


class ObjectServer:
    """Serves a folder below /base. Faults are functions of a handler that answer the request, or end it, and say so."""

    def __init__(self, folder, certificate=None):
        self.folder = pathlib.Path(folder)
        self.requests = []  # (method, name)
        self.faults = []  # (method, what the name has, function of the handler), each used once
        self.http = _Http(("127.0.0.1", 0), _Handler)
        self.http.objects = self
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            self.scheme = "https"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return "%s://127.0.0.1:%d/base" % (self.scheme, self.http.server_address[1])

    def once(self, method, part, fault):
        self.faults.append((method, part, fault))

    def fault_of(self, method, name):
        for fault in self.faults:
            if fault[0] == method and fault[1] in name:
                self.faults.remove(fault)
                return fault[2]
        return None

    def names(self):
        return sorted(str(each.relative_to(self.folder)) for each in self.folder.rglob("*") if each.is_file())

    def count(self, method, part=""):
        return sum(1 for each, name in self.requests if each == method and part in name)

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def answers(status, text=""):
    """A fault: reads the request and answers it so."""

    def fault(handler):
        handler.skip_body()
        handler.answer(status, text.encode())

    return fault


def answers_unread(status, text=""):
    """A fault: answers without reading the body, and goes away."""

    def fault(handler):
        handler.close_connection = True
        handler.answer(status, text.encode())
        handler.connection.shutdown(socket.SHUT_WR)

    return fault


def cuts(after):
    """A fault: takes or gives so many bytes of the body and drops the connection."""

    def fault(handler):
        if handler.command == "PUT":
            handler.rfile.read(min(after, int(handler.headers["Content-Length"])))
        else:
            data = handler.path_of().read_bytes()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[:after])
        handler.close_connection = True
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return fault


def make_certificate(folder, name="127.0.0.1"):
    """A key with a certificate of its own, as one file, by the openssl program."""
    path = pathlib.Path(folder) / ("%s.pem" % name)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test",
         "-addext", "subjectAltName=IP:%s" % name, "-keyout", str(path) + ".key", "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    authority = path.read_text()
    path.write_text(pathlib.Path(str(path) + ".key").read_text() + authority)
    return path, authority


class _Http(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A connection that ended, as the tests want some to."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rbufsize = 1 << 16

    def do_PUT(self):
        if not self._is_for_us():
            return
        path = self.path_of()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part-%d" % threading.get_ident())
        left = int(self.headers["Content-Length"])
        with open(part, "wb") as file:
            while left:
                data = self.rfile.read(min(left, 1 << 20))
                if not data:
                    part.unlink()
                    self.close_connection = True
                    return
                file.write(data)
                left -= len(data)
        part.rename(path)
        self.answer(201, b"")

    def do_GET(self):
        if not self._is_for_us():
            return
        path = self.path_of()
        if not path.is_file():
            self.answer(404, b"there is no such object")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(path.stat().st_size))
        self.end_headers()
        if self.command == "GET":
            with open(path, "rb") as file:
                shutil.copyfileobj(file, self.wfile, 1 << 20)

    do_HEAD = do_GET

    def _is_for_us(self):
        name = self.path[len("/base/") :]
        self.server.objects.requests.append((self.command, name))
        fault = self.server.objects.fault_of(self.command, name)
        if fault:
            fault(self)
            return False
        if self.headers["Authorization"] != "Bearer " + TOKEN or not self.path.startswith("/base/"):
            self.skip_body()
            self.answer(401 if self.path.startswith("/base/") else 404, b"this token is not known")
            return False
        return True

    def path_of(self):
        return self.server.objects.folder / self.path[len("/base/") :]

    def skip_body(self):
        left = int(self.headers.get("Content-Length") or 0)
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_arguments):
        """The tests say what they want to know."""
