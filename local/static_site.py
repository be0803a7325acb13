"""The web client and other static files, with the headers that CloudFront sends."""

import gzip
import json
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from werkzeug.utils import safe_join
from werkzeug.wrappers import Request, Response

from local.aws import template

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Tiketz</title>
<h1>The web client is not built yet</h1>
<p>Stop this and run <code>make dev</code>, which builds it.
The API is at <code>/api</code>, the live feed of events at <a href="/_local/">/_local/</a>.</p></html>
"""
STRIPE = re.compile(r"https://[\w*.]*stripe\.com ?")
TEXT = re.compile(r"text/|application/(javascript|json|manifest\+json)|image/svg")
MIN_COMPRESSED = 1000  # bytes; CloudFront compresses no smaller file
YEAR = "public, max-age=31536000, immutable"


class StaticSite:
    """Serves everything that is neither an API nor a local page."""

    def __init__(self, root: Path, config: Mapping[str, Any]) -> None:
        """`root`: the repository. `config`: the content of /config.json."""
        self._root, self._dist = root, root / "web" / "dist"
        self._headers = security_headers(root / "hosting.yaml")
        self._routes = client_routes(root / "hosting.yaml")
        self._config = config

    def __call__(self, request: Request) -> Response:
        """A file; index.html for a path without a dot, as 404 for an unknown one; 404 for a missing file."""
        if request.method not in ("GET", "HEAD"):
            return self.secured(Response("Method not allowed\n", 405, headers={"Allow": "GET, HEAD"}))
        return self.secured(self._respond(request, request.path))

    def secured(self, response: Response) -> Response:
        """With the security headers, which CloudFront adds to the APIs' responses too."""
        for name, value in self._headers.items():
            response.headers[name] = value
        return response

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The same as a WSGI application."""
        body: Iterable[bytes] = self(Request(environ))(environ, start_response)
        return body

    def _respond(self, request: Request, path: str) -> Response:
        if path == "/config.json":
            return Response(
                json.dumps(self._config),
                content_type="application/json",
                headers={"Cache-Control": cache_control(path)},
            )
        if path == "/api/openapi.json":
            return self._file(request, self._root / "docs" / "openapi.json")
        if "." not in path.rsplit("/", 1)[-1]:
            index = self._dist / "index.html"
            if not index.exists():
                return Response(NOT_BUILT, content_type="text/html")
            return self._file(request, index, 200 if self._routes.search(path) else 404)
        file = safe_join(str(self._dist), path.lstrip("/"))
        return self._file(request, Path(file) if file else self._dist / "missing")

    def _file(self, request: Request, file: Path, status: int = 200) -> Response:
        """A file with an ETag, compressed where CloudFront would; 304 where the client has it."""
        if not file.is_file():
            return Response("Not found\n", 404, content_type="text/plain; charset=utf-8")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind == "application/javascript":
            kind += "; charset=utf-8"
        response = Response(None, status, {"Cache-Control": cache_control(request.path)}, content_type=kind)
        content = file.read_bytes()
        if TEXT.match(kind) and len(content) >= MIN_COMPRESSED:
            response.vary.add("Accept-Encoding")
            if "gzip" in request.accept_encodings:
                response.content_encoding, content = "gzip", _gzipped(content)
        response.set_data(content)
        response.add_etag(weak=True)
        return response.make_conditional(request) if status == 200 else response


@lru_cache(maxsize=32)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def security_headers(hosting: Path) -> dict[str, str]:
    """Those of hosting.yaml's response headers policy, without what only makes sense over HTTPS.

    Stripe's addresses are replaced by 'self': the stand-in has the same origin.
    """
    if not hosting.exists():
        return {}
    policies = [
        each["Properties"]["ResponseHeadersPolicyConfig"]
        for each in template.read(hosting)["Resources"].values()
        if each["Type"] == "AWS::CloudFront::ResponseHeadersPolicy"
    ]
    [policy] = policies
    config: dict[str, Any] = policy["SecurityHeadersConfig"]
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": config["FrameOptions"]["FrameOption"],
        "Referrer-Policy": config["ReferrerPolicy"]["ReferrerPolicy"],
        "Content-Security-Policy": _local_policy(config["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
    }
    for item in policy.get("CustomHeadersConfig", {}).get("Items", []):
        headers[item["Header"]] = item["Value"]
    return headers


def client_routes(hosting: Path) -> re.Pattern[str]:
    """The client's own routes, as hosting.yaml's function has them; any path where it is missing."""
    if not hosting.exists():
        return re.compile("")
    code = template.read(hosting)["Resources"]["ClientRoutes"]["Properties"]["FunctionCode"]
    [pattern] = re.findall("var ROUTES = /(.+)/", code)
    return re.compile(pattern)


def _local_policy(policy: str) -> str:
    """The same policy with 'self' in the place of Stripe."""
    directives = []
    for directive in (each.strip() for each in policy.split(";")):
        name, _, values = directive.partition(" ")
        values = STRIPE.sub("", values + " ").strip()
        if directive and name != "upgrade-insecure-requests":
            directives.append(f"{name} {values or chr(39) + 'self' + chr(39)}")
    return "; ".join(directives)


def cache_control(path: str) -> str:
    """An asset's name has a hash of its content; everything else is validated with each request."""
    return YEAR if path.startswith("/assets/") else "no-cache"
