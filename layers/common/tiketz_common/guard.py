"""Request guard: checks that a request is small, JSON and from our own site, before it is routed."""

import json
import re
from base64 import b64decode
from binascii import Error as BadBase64
from typing import Any
from urllib.parse import unquote

from tiketz_common.errors import BadRequest, BodyTooLarge, Forbidden, RouteNotFound, UnsupportedMediaType
from tiketz_common.origin import Origin

MAX_BYTES = 16_384
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_PATH = re.compile(r"/api(/[A-Za-z0-9._-]{1,64})*/?")

HttpEvent = dict[str, Any]


def check(event: HttpEvent, origin: Origin, max_bytes: int = MAX_BYTES) -> None:
    """Accept a well-formed request from our own site. Raises the DomainError that fits any other."""
    origin.check(headers(event))
    if not _PATH.fullmatch(event["rawPath"]):
        raise RouteNotFound("There is nothing at this address.")
    _check_query(event.get("rawQueryString", ""))
    if event["requestContext"]["http"]["method"] in SAFE_METHODS:
        return
    _check_site(headers(event), origin)
    _check_body(event, max_bytes)


def headers(event: HttpEvent) -> dict[str, str]:
    """The request's headers, names in lower case."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def text(event: HttpEvent, max_bytes: int = MAX_BYTES) -> str:
    """The body. Raises BodyTooLarge over `max_bytes` and BadRequest where it is not UTF-8."""
    body: str = event.get("body") or ""
    try:
        raw = b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        if len(raw) > max_bytes:
            raise BodyTooLarge(f"The body is larger than {max_bytes // 1024} kB.")
        return raw.decode()
    except (BadBase64, UnicodeError) as error:
        raise BadRequest("The body is not UTF-8 text.") from error


def matches(template: str, path: str) -> bool:
    """Whether a path fits a template such as `/api/orders/{id}`."""
    pattern, parts = template.split("/"), path.split("/")
    return len(pattern) == len(parts) and all(
        part == expected or (expected.startswith("{") and part)
        for expected, part in zip(pattern, parts, strict=True)
    )


def _check_query(query: str) -> None:
    """Percent-encoded UTF-8 without NUL; checked here because its readers would raise."""
    try:
        if "\0" in unquote(query, errors="strict"):
            raise BadRequest("The address holds a character we can't read.")
    except UnicodeDecodeError as error:
        raise BadRequest("The address is not UTF-8 text.") from error


def _check_site(headers: dict[str, str], cloudfront: Origin) -> None:
    """Refuses a browser's request from another site (CSRF). Clients that send no origin are accepted."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    elif origin is not None:
        host = cloudfront.trusted(headers, "x-forwarded-host") or headers.get("host")
        ours = origin.partition("://")[2] == host
    else:
        ours = True
    if not ours:
        raise Forbidden("This request came from another site.", code="cross_site_request")


def _check_body(event: HttpEvent, max_bytes: int) -> None:
    if not event.get("body"):
        return
    kind = headers(event).get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        value = json.loads(text(event, max_bytes), object_pairs_hook=_unique)
        json.dumps(value, ensure_ascii=False).encode()  # raises for half a surrogate pair: no store takes it
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON we can read.") from error
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Raises ValueError for a repeated name: parsers disagree on its meaning."""
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a name is repeated")
    return unique
