"""Session tokens: JWTs (RFC 7519), signed with ES256, not stored."""

import json
from datetime import datetime, timedelta
from typing import Any

from auth.key_ring import KeyRing
from auth.keys import Keys
from auth.model import SESSION, User
from auth.pyjwt import jwt

ISSUER = AUDIENCE = "tiketz"
LEEWAY = timedelta(seconds=5)  # how far two machines' clocks may be apart
HEADER = {"alg", "kid", "typ"}


def issue(user: User, keys: Keys, now: datetime) -> str:
    """A token of `user`, valid for fifteen minutes from `now`."""
    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.id,
        "email": user.email,
        "verified": user.verified,
        "epoch": user.epoch,
        "iat": issued,
        "exp": issued + int(SESSION.total_seconds()),
    }
    return jwt.encode(
        claims,
        keys.private[keys.current],
        algorithm="ES256",
        headers={"kid": keys.current},
        json_encoder=_Utf8Encoder,
    )


class _Utf8Encoder(json.JSONEncoder):
    """Writes characters as UTF-8, not as six ASCII ones: an old account's address may have many."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


def verify(token: str, ring: KeyRing[Any], now: datetime) -> User | None:
    """The token's user; None for any token but one that we issued within the last fifteen minutes."""
    try:
        kid = _kid(token)
        key = ring.keys_with(kid, now).public.get(kid)
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key,
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={
                "require": ["iss", "aud", "sub", "iat", "exp"],
                "strict_aud": True,
                # PyJWT would read the clock itself: `_bearer` compares the times with `now`.
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        return _bearer(claims, now)
    except jwt.InvalidTokenError:
        return None


def _kid(token: str) -> str:
    """The kid of a header like ours, which has no key or rule of its own (jwk, jku, crit)."""
    if not token.isascii():
        raise jwt.InvalidTokenError("not base64url")
    header = jwt.get_unverified_header(token)
    if header.keys() != HEADER or header["typ"] != "JWT" or not isinstance(header["kid"], str):
        raise jwt.InvalidTokenError("not a header of ours")
    return str(header["kid"])


def _bearer(claims: dict[str, Any], now: datetime) -> User | None:
    issued, expires, email = claims["iat"], claims["exp"], claims.get("email")
    if type(issued) is not int or type(expires) is not int or not isinstance(email, str):
        return None
    leeway, moment = LEEWAY.total_seconds(), now.timestamp()
    alive = issued <= moment + leeway and moment < expires + leeway
    if not alive:
        return None
    # Tokens of earlier versions lack these two.
    return User(claims["sub"], email, claims.get("verified") is True, claims.get("epoch", 0))
