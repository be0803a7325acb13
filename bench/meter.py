"""A DynamoDB that tells what each call costs: a proxy that asks for the consumed capacity, and adds it up."""

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
    """Stands at `url` before the DynamoDB at `behind`; `units` are kept by caller's key and kind."""

    def __init__(self, behind: str) -> None:
        self.units: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        meter, target = self, urlsplit(behind)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                operation = self.headers.get("X-Amz-Target", "").partition(".")[2]
                counted = operation in READS | WRITES
                if counted:
                    sent = json.dumps({**json.loads(sent), "ReturnConsumedCapacity": "TOTAL"}).encode()
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("content-length", "host", "expect", "accept-encoding")
                }
                # A connection for each: DynamoDB Local drops those that rest.
                behind = http.client.HTTPConnection(str(target.hostname), target.port, timeout=60)
                behind.request(self.command, self.path, sent, headers)
                answer = behind.getresponse()
                body = answer.read()
                behind.close()
                if counted and answer.status == 200:
                    meter.add(self.headers.get("Authorization", ""), operation, json.loads(body))
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, authorization: str, operation: str, answer: dict[str, Any]) -> None:
        """Count what an answer says that its call consumed."""
        told = answer.get("ConsumedCapacity", [])
        consumed = sum(each["CapacityUnits"] for each in (told if isinstance(told, list) else [told]))
        key = re.search(r"Credential=([^/]+)/", authorization)
        with self._lock:
            kind = "read_unit" if operation in READS else "write_unit"
            self.units[(key[1] if key else "", kind)] += consumed

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
