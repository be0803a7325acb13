"""The Lambda Runtime API, as one worker process calls it: next invocation, response, error.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """A function's response as JSON, or its error in Lambda's format where `failed`."""

    payload: bytes
    failed: bool = False

    @classmethod
    def error(cls, kind: str, message: str) -> "InvocationResult":
        return cls(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True)


Invoke = Callable[[str, Mapping[str, Any]], InvocationResult]
"""Invokes a function by its name ("orders/Api") or its ARN."""


@dataclass(slots=True)
class Invocation:
    """One call of a function, waiting or running."""

    event: bytes
    arn: str
    id: str = field(default_factory=lambda: str(uuid4()))
    deadline: int = 0  # epoch milliseconds, set when a worker takes it
    taken: threading.Event = field(default_factory=threading.Event)
    result: "Future[InvocationResult]" = field(default_factory=Future)

    def finish(self, result: InvocationResult) -> None:
        """The first result counts: a worker may die while it responds."""
        if not self.result.done():
            self.result.set_result(result)


class RuntimeApi:
    """Serves one worker its function's invocations, on a port of its own."""

    def __init__(
        self,
        next_invocation: Callable[[], Invocation | None],
        init_failed: Callable[[InvocationResult], None],
    ) -> None:
        """`next_invocation` blocks; None ends the worker."""
        api = self
        self._next_invocation, self._init_failed = next_invocation, init_failed
        self._current: Invocation | None = None

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            close_connection: bool

            def do_GET(self) -> None:
                invocation = api._next()
                if invocation is None:
                    self.close_connection = True
                    return
                self._reply(
                    200,
                    invocation.event,
                    {
                        "Lambda-Runtime-Aws-Request-Id": invocation.id,
                        "Lambda-Runtime-Deadline-Ms": str(invocation.deadline),
                        "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                        "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
                    },
                )

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                api._on_result(self.path.removeprefix(PREFIX), body)
                self._reply(202, b'{"status":"OK"}', {})

            def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined]
                self.flush_headers()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, name="runtime", daemon=True).start()

    @property
    def current(self) -> Invocation | None:
        """The invocation that the worker is running."""
        return self._current

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _next(self) -> Invocation | None:
        self._current = None
        self._current = self._next_invocation()
        return self._current

    def _on_result(self, path: str, body: bytes) -> None:
        if path == "init/error":
            self._init_failed(InvocationResult(body, failed=True))
        elif self._current is not None:
            self._current.finish(InvocationResult(body, failed=path.endswith("/error")))
