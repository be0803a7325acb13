"""Session tokens: who is signed in, as a JWT (RFC 7519) that auth signs with ES256 and nobody keeps."""

from datetime import datetime, timedelta
from typing import Any

from auth import jws
from auth.keys import KeyRing, Keys
from auth.model import SESSION, User

ISSUER = AUDIENCE = "tiketz"
LEEWAY = timedelta(seconds=5)  # how far two machines' clocks may be apart


def issue(user: User, keys: Keys, now: datetime) -> str:
    """A token that says until fifteen minutes from `now` that its bearer is `user`."""
    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.id,
        "email": user.email,
        "iat": issued,
        "exp": issued + int(SESSION.total_seconds()),
    }
    return jws.sign(_header(keys.current), claims, keys.private[keys.current])


def verify(token: str, ring: KeyRing, now: datetime) -> User | None:
    """Whose token it is; None for any that we did not issue, word for word, in the last fifteen minutes."""
    try:
        header = jws.header(token)
        kid = header.get("kid")
        # Just like ours: one that brings along a key or a rule (jwk, jku, crit) is not.
        if not isinstance(kid, str) or header != _header(kid):
            return None
        key = ring.keys_with(kid, now).private.get(kid)
        return _bearer(jws.verify(token, key.public_key()), now) if key else None
    except jws.Invalid:
        return None


def jwks(keys: Keys) -> list[dict[str, str]]:
    """The public keys as JWKs (RFC 7517): all that somebody else needs to verify a token."""
    found = []
    for kid, key in keys.private.items():
        at = key.public_key().public_numbers()
        x, y = (jws.base64url(number.to_bytes(jws.SIZE)) for number in (at.x, at.y))
        found.append({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": "ES256"})
    return found


def _header(kid: str) -> dict[str, str]:
    return {"alg": "ES256", "kid": kid, "typ": "JWT"}


def _bearer(claims: dict[str, Any], now: datetime) -> User | None:
    issued, expires = claims.get("iat"), claims.get("exp")
    user, email = claims.get("sub"), claims.get("email")
    if (claims.get("iss"), claims.get("aud")) != (ISSUER, AUDIENCE):
        return None
    if type(issued) is not int or type(expires) is not int:
        return None
    if not isinstance(user, str) or not isinstance(email, str):
        return None
    leeway, moment = LEEWAY.total_seconds(), now.timestamp()
    alive = issued <= moment + leeway and moment < expires + leeway
    return User(user, email) if alive else None
