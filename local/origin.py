"""The one origin: routes each request to the APIs, the Stripe stand-in, the local pages or the web client."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from local.pages import LocalPages
from local.static_site import StaticSite


class Origin:
    """The WSGI application behind the address that the browser uses."""

    def __init__(
        self,
        apis: Callable[[Request], Response],
        pages: LocalPages,
        site: StaticSite,
        stripe: Callable[..., Iterable[bytes]],
        log_request: Callable[[str, str, int, float], None],
    ) -> None:
        """`log_request` gets method, path, status and milliseconds of each request to an API."""
        self._apis, self._pages, self._site = apis, pages, site
        self._stripe, self._log_request = stripe, log_request

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.startswith("/api/"):  # as hosting.yaml's functions do
            path = environ["PATH_INFO"] = path.rstrip("/")
        if path.startswith("/_local/stripe"):
            return self._stripe(environ, start_response)
        request = Request(environ)
        started = time.monotonic()
        is_api = path.startswith("/api/") and path not in ("/api/openapi.json", "/api/docs")
        response = self._site.secured(self._apis(request)) if is_api else self._static(request, path)
        if is_api:
            self._log_request(request.method, path, response.status_code, (time.monotonic() - started) * 1000)
        body: Iterable[bytes] = response(environ, start_response)
        return body

    def _static(self, request: Request, path: str) -> Response:
        if path in ("/_local", "/api/docs") or path.startswith("/_local/"):
            return self._pages(request)
        return self._site(request)
