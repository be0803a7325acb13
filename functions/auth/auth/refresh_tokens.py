"""Refresh tokens: opaque to the client; a family's id and a secret to us.

A token's successor is an HMAC-SHA256 of it under the server's key. So a client that lost the response to a
rotation gets the same successor again, although only its SHA-256 is stored. Rotating the server's key fails
only clients whose response was lost in the seconds before.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

FAMILY_LENGTH = 24  # 18 random bytes in base64url
_TOKEN = re.compile(r"[A-Za-z0-9_-]{67}")


def first() -> str:
    """A new family's first token."""
    return secrets.token_urlsafe(18) + secrets.token_urlsafe(32)


def well_formed(token: str) -> bool:
    """Whether text may be a token of ours."""
    return _TOKEN.fullmatch(token) is not None


def family_of(token: str) -> str:
    """The id of the token's family."""
    return token[:FAMILY_LENGTH]


def successor(token: str, server_key: str) -> str:
    """The one token that may follow this one. `server_key` is in hexadecimal."""
    secret = hmac.digest(bytes.fromhex(server_key), token.encode(), "sha256")
    return family_of(token) + urlsafe_b64encode(secret).decode().rstrip("=")


def digest(token: str) -> str:
    """All that is stored of a token."""
    return sha256(token.encode()).hexdigest()
