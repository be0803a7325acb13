"""The one origin: which part of the world answers a request."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from local.aws.gateway import Gateway
from local.web import Web

Part = Callable[[Request], Response]


class Origin:
    """The WSGI application behind the address that the browser sees."""

    def __init__(
        self,
        gateways: dict[str, Gateway],  # by the path they answer below
        fallback: Gateway,
        local: Part,
        web: Web,
        stripe: Callable[..., Iterable[bytes]],
        tell: Callable[[str, str, int, float], None],
    ) -> None:
        self._gateways, self._fallback = gateways, fallback
        self._local, self._web, self._stripe, self._tell = local, web, stripe, tell

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.startswith("/_local/stripe"):
            return self._stripe(environ, start_response)
        request = Request(environ)
        started = time.monotonic()
        response = self._answer(request, path)
        if path.startswith("/api/") and path != "/api/openapi.json":
            self._tell(request.method, path, response.status_code, (time.monotonic() - started) * 1000)
        body: Iterable[bytes] = response(environ, start_response)
        return body

    def _answer(self, request: Request, path: str) -> Response:
        if path in ("/_local", "/api/docs") or path.startswith("/_local/"):
            return self._local(request)
        if path.startswith("/api/") and path != "/api/openapi.json":
            below = "/".join(path.split("/")[:3])
            return self._web.guarded(self._gateways.get(below, self._fallback)(request))
        return self._web(request)
