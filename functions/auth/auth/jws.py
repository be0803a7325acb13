"""JSON signed with ES256 in compact form (RFC 7515, RFC 7518 §3.4): all of JOSE that sessions need.

PyJWT can do this and more; to load it, with X.509 and an HTTP client, was a tenth of a cold start. The tests
have it forge tokens and read ours.
"""

import json
from base64 import b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

SIZE = 32  # bytes of a number on P-256


class Invalid(Exception):
    """This is not what the key's owner signed."""


def sign(header: dict[str, Any], claims: dict[str, Any], key: EllipticCurvePrivateKey) -> str:
    signed = ".".join(
        base64url(json.dumps(each, separators=(",", ":")).encode()) for each in (header, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    return f"{signed}.{base64url(r.to_bytes(SIZE) + s.to_bytes(SIZE))}"


def header(token: str) -> dict[str, Any]:
    """What a token says of itself, which is to be believed of none. Raises Invalid."""
    return _object(token.partition(".")[0])


def verify(token: str, key: EllipticCurvePublicKey) -> dict[str, Any]:
    """The claims that the key's owner signed. Raises Invalid."""
    signed, _, signature = token.rpartition(".")
    numbers = _bytes(signature)
    if len(numbers) != 2 * SIZE or signed.count(".") != 1:
        raise Invalid
    r, s = int.from_bytes(numbers[:SIZE]), int.from_bytes(numbers[SIZE:])
    try:
        key.verify(encode_dss_signature(r, s), signed.encode(), ECDSA(SHA256()))
    except (InvalidSignature, UnicodeEncodeError) as error:
        raise Invalid from error
    return _object(signed.partition(".")[2])


def base64url(raw: bytes) -> str:
    """As URLs take it, and without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Only the one way to write them: what reads alike must be alike."""
    try:
        raw = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Invalid from error
    if base64url(raw) != text:
        raise Invalid
    return raw


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(text))
    except (ValueError, RecursionError) as error:
        raise Invalid from error
    if not isinstance(found, dict):
        raise Invalid
    return found
