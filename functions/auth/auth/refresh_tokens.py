"""Refresh tokens: opaque to their bearer, a family's name and a secret to us.

A token's successor follows from it under the server's key (HMAC-SHA256), so whoever lost the reply to a
rotation is given the same one again, though only its SHA-256 is stored. A new server key lets down only those
whose reply was lost in the seconds before.
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
    return _TOKEN.fullmatch(token) is not None


def family_of(token: str) -> str:
    return token[:FAMILY_LENGTH]


def successor(token: str, server_key: str) -> str:
    """The one token that may follow this one. `server_key` is in hexadecimal."""
    secret = hmac.digest(bytes.fromhex(server_key), token.encode(), "sha256")
    return family_of(token) + urlsafe_b64encode(secret).decode().rstrip("=")


def digest(token: str) -> str:
    """All that is stored of a token."""
    return sha256(token.encode()).hexdigest()
