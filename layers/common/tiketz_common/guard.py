"""What a request must be before any route sees it: small, JSON, from our own site."""

import json
import re
from base64 import b64decode
from binascii import Error as BadBase64
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote

from tiketz_common.errors import BadRequest, BodyTooLarge, Forbidden, RouteNotFound, UnsupportedMediaType

MAX_BYTES = 16_384
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_PATH = re.compile(r"/api(/[A-Za-z0-9._-]{1,64})*/?")

HttpEvent = dict[str, Any]


def check(event: HttpEvent, origin_secret: str, max_bytes: int = MAX_BYTES) -> None:
    """Let a well-formed request of our own site pass; raise the refusal that fits any other."""
    if not _PATH.fullmatch(event["rawPath"]):
        raise RouteNotFound("There is nothing at this address.")
    _check_query(event.get("rawQueryString", ""))
    if event["requestContext"]["http"]["method"] in SAFE_METHODS:
        return
    _check_site(headers(event), origin_secret)
    _check_body(event, max_bytes)


def headers(event: HttpEvent) -> dict[str, str]:
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def text(event: HttpEvent, max_bytes: int = MAX_BYTES) -> str:
    """The body. Raises BodyTooLarge over `max_bytes` and BadRequest where it is not UTF-8."""
    sent: str = event.get("body") or ""
    try:
        raw = b64decode(sent, validate=True) if event.get("isBase64Encoded") else sent.encode()
        if len(raw) > max_bytes:
            raise BodyTooLarge(f"The body is larger than {max_bytes // 1024} kB.")
        return raw.decode()
    except (BadBase64, UnicodeError) as error:
        raise BadRequest("The body is not UTF-8 text.") from error


def matches(template: str, path: str) -> bool:
    """Whether `/api/orders/{id}` could mean this path."""
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        w == g or (w.startswith("{") and g) for w, g in zip(wanted, given, strict=True)
    )


def trusted(given: dict[str, str], name: str, origin_secret: str) -> str | None:
    """A header that CloudFront sets, believed only where the request proves that it came through it."""
    believed = bool(origin_secret) and compare_digest(given.get("x-origin-secret", ""), origin_secret)
    return given.get(name) if believed else None


def _check_query(query: str) -> None:
    """Percent-encoded UTF-8 without NUL; checked here because its readers would raise."""
    try:
        if "\0" in unquote(query, errors="strict"):
            raise BadRequest("The address holds a character we can't read.")
    except UnicodeDecodeError as error:
        raise BadRequest("The address is not UTF-8 text.") from error


def _check_site(given: dict[str, str], origin_secret: str) -> None:
    """A browser says where a request comes from; what comes from another site is refused (CSRF)."""
    site, origin = given.get("sec-fetch-site"), given.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    elif origin is not None:
        host = trusted(given, "x-forwarded-host", origin_secret) or given.get("host")
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
        value = json.loads(text(event, max_bytes), object_pairs_hook=_once)
        json.dumps(
            value, ensure_ascii=False
        ).encode()  # raises for half a surrogate pair, which no store takes
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON we can read.") from error
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are all different: readers disagree on what a repeated name means."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found
