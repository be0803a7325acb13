"""A proxy of DynamoDB that requests the consumed capacity of each call and adds it up."""

import http.client
import json
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

READS = {"GetItem", "Query", "BatchGetItem", "TransactGetItems"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


class Meter:
    """Listens at `url` and forwards to DynamoDB; `units` has sums by the caller's access key and kind."""

    def __init__(self, target_url: str) -> None:
        self.units: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        meter, target = self, urlsplit(target_url)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                operation = self.headers.get("X-Amz-Target", "").partition(".")[2]
                counted = operation in READS | WRITES
                if counted:
                    payload = json.dumps({**json.loads(payload), "ReturnConsumedCapacity": "TOTAL"}).encode()
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("content-length", "host", "expect", "accept-encoding")
                }
                # A connection for each request: DynamoDB Local drops idle ones.
                connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=60)
                connection.request(self.command, self.path, payload, headers)
                response = connection.getresponse()
                body = response.read()
                connection.close()
                if counted and response.status == 200:
                    meter.add(self.headers.get("Authorization", ""), operation, json.loads(body))
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *args: object) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, authorization: str, operation: str, response: dict[str, Any]) -> None:
        """Add the units that a response reports as consumed."""
        capacity = response.get("ConsumedCapacity", [])
        tables = capacity if isinstance(capacity, list) else [capacity]
        consumed = sum(each["CapacityUnits"] for each in tables)
        key = re.search(r"Credential=([^/]+)/", authorization)
        with self._lock:
            kind = "read_unit" if operation in READS else "write_unit"
            self.units[(key[1] if key else "", kind)] += consumed

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
