"""Session tokens: who is signed in, as a JWT (RFC 7519) that auth signs with ES256 and nobody keeps."""

from datetime import datetime, timedelta
from typing import Any

from auth.keys import KeyRing, Keys
from auth.model import SESSION, User
from auth.pyjwt import ECAlgorithm, jwt

ISSUER = AUDIENCE = "tiketz"
LEEWAY = timedelta(seconds=5)  # how far two machines' clocks may be apart
HEADER = {"alg", "kid", "typ"}


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
    return jwt.encode(claims, keys.private[keys.current], algorithm="ES256", headers={"kid": keys.current})


def verify(token: str, ring: KeyRing, now: datetime) -> User | None:
    """Whose token it is; None for any that we did not issue, word for word, in the last fifteen minutes."""
    try:
        kid = _kid(token)
        key = ring.keys_with(kid, now).private.get(kid)
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key.public_key(),
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={
                "require": ["iss", "aud", "sub", "iat", "exp"],
                "strict_aud": True,
                # PyJWT would ask the clock itself: `_bearer` holds the times against `now`.
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        return _bearer(claims, now)
    except jwt.InvalidTokenError:
        return None


def jwks(keys: Keys) -> list[dict[str, str]]:
    """The public keys as JWKs (RFC 7517): all that somebody else needs to verify a token."""
    return [
        {**_public(key.public_key()), "kid": kid, "use": "sig", "alg": "ES256"}
        for kid, key in keys.private.items()
    ]


def _kid(token: str) -> str:
    """The kid of a header just like ours: one that brings along a key or a rule (jwk, jku, crit) is not."""
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
    return User(claims["sub"], email) if alive else None


def _public(key: Any) -> dict[str, str]:
    return dict(ECAlgorithm.to_jwk(key, as_dict=True))
