"""A threaded HTTP/1.1 server for WSGI applications that keeps connections open.

werkzeug's server closes each connection after one request: every call of a worker would pay for a connection
and a thread.
"""

import io
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv4Interface
from typing import Any
from urllib.parse import unquote_to_bytes

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LOOPBACK = IPv4Interface("127.0.0.1/8")
MAX_BODY_BYTES = 12 * 1024 * 1024  # applications have lower limits, with better error messages
IDLE_SECONDS = 75


class HttpServer(ThreadingHTTPServer):
    """Listens on one port of one address from the start, and serves from `start` on."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, interface: IPv4Interface = LOOPBACK) -> None:
        """Listens on the interface's address, and refuses connections from outside of its network.

        Raises OSError or OverflowError for a port that can't be bound.
        """
        super().__init__((str(interface.ip), port), _Handler)
        self._interface = interface
        self.app: WsgiApp | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{self._interface.ip}:{self.server_port}"

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether the client is in the interface's network."""
        return IPv4Address(client_address[0]) in self._interface.network

    def start(self, app: WsgiApp) -> None:
        """Serve `app`; requests that came before are served now."""
        self.app = app
        threading.Thread(target=self.serve_forever, name=f"http {self.server_port}", daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        if self.app:
            self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print errors, except of connections that clients have closed."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def listen(port: int, interface: IPv4Interface = LOOPBACK) -> HttpServer:
    """A server at `port`, or at a free port if that is taken, beyond 65535 or 0."""
    try:
        return HttpServer(port, interface)
    except (OSError, OverflowError):
        return HttpServer(0, interface)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: HttpServer
    raw_requestline: bytes
    close_connection: bool

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            body = self._body()
            if body is None:
                self.close_connection = True
                self.send_error(413)
            else:
                self._respond(body)

    def log_message(self, *args: Any) -> None:
        """Write no access log."""

    def _body(self) -> bytes | None:
        """The whole body; None if it is too large."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
            if len(body) + size > MAX_BODY_BYTES:
                return None
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _respond(self, body: bytes) -> None:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started[:] = [status, headers]

        assert self.server.app
        response = self.server.app(self._environ(body), start_response)
        try:
            chunks = iter(response)
            first = next(chunks, b"")
            head = self._head(*started)
            if self.command == "HEAD":
                self.wfile.write(head)
                return
            self.wfile.write(head + first)
            for chunk in chunks:
                self.wfile.write(chunk)
        finally:
            if hasattr(response, "close"):
                response.close()

    def _head(self, status: str, headers: list[tuple[str, str]]) -> bytes:
        """Status line and headers. A body of unknown length ends with the connection."""
        names = {name.lower() for name, _ in headers}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if "content-length" not in names and not status.startswith(("204", "304")):
            lines.append("Connection: close")
            self.close_connection = True
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "RAW_URI": self.path,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return environ
