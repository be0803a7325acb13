"""A stub of AWS and Stripe: an HTTPS server with one response for each operation, without state."""

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Operation = str  # "DynamoDB_20120810.GetItem", or "POST /v1/payment_intents"
Respond = Callable[[Operation, dict[str, Any]], dict[str, Any]]


class Stub:
    """Listens at `url`; `calls` has the requested operations."""

    def __init__(self, certificate: Path, respond: Respond) -> None:
        self.calls: list[Operation] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 600

            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Expect"):
                    self.send_response_only(100)
                target = self.headers.get("X-Amz-Target")
                operation = target or f"{self.command} {self.path.partition('?')[0]}"
                stub.calls.append(operation)
                self._send(respond(operation, json.loads(payload) if target else {}))

            def do_GET(self) -> None:
                if self.path == "/":  # a client opening its connection
                    return self._send({})
                return self.do_POST()

            def _send(self, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("x-amzn-RequestId", "0" * 52)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Log nothing."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A measured process ends without closing its connection."""
