"""Cursors: where the next page of a list begins, as opaque text that a client returns unchanged."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from tiketz_common.errors import BadRequest, Code


class InvalidCursor(BadRequest):
    """400: a cursor that `encode` did not return for this list."""

    code: Code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("This cursor is not one we gave; start from the first page.", field="cursor")


CHECK_BYTES = 9  # a multiple of 3, so that the text of the check and of the body do not mix


def encode(position: dict[str, Any], scope: str) -> str:
    """`position` as text that only the same list (`scope`: its owner, filters and order) accepts."""
    body = json.dumps(position, separators=(",", ":"), sort_keys=True).encode()
    return urlsafe_b64encode(_check(body, scope) + body).decode().rstrip("=")


def decode(cursor: str, scope: str) -> dict[str, Any]:
    """The position that `encode` was given. Raises InvalidCursor for an edited cursor or another list's.

    The check detects accidents and edits; anybody could compute it. A caller validates the position, which
    must never lead to rows that the user may not see.
    """
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = dict(json.loads(raw[CHECK_BYTES:]))
        if encode(position, scope) != cursor:  # base64 accepts edits that this detects
            raise ValueError("not as given")
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor from error
    return position


def _check(body: bytes, scope: str) -> bytes:
    return sha256(scope.encode() + b"\0" + body).digest()[:CHECK_BYTES]
