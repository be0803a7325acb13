"""Signing keys of sessions, from a secret in SSM.

The secret is JSON: `{"current": kid, "keys": {kid: PEM of an EC P-256 private key}}`. `current` signs, all of
them verify, so a key is rotated without signing users out:

1. Add the new key to `keys`. After five minutes every process has it, and after five more every cache of the
   JWKS (its Cache-Control).
2. Make it `current`.
3. After twenty minutes no process signs with the old key and no session signed by it is valid: remove it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tiketz_common import secrets

REREAD_INTERVAL = timedelta(seconds=30)


@dataclass(frozen=True)
class Keys:
    """Signing keys by kid, and which of them signs."""

    current: str
    pems: dict[str, str]

    @classmethod
    def parse(cls, secret: str) -> "Keys":
        """The keys of a secret."""
        content = json.loads(secret)
        return cls(content["current"], content["keys"])

    @cached_property
    def private(self) -> dict[str, EllipticCurvePrivateKey]:
        """The private keys by kid. Raises TypeError for a key that is not on P-256."""
        return {kid: _load(pem) for kid, pem in self.pems.items()}


class KeyRing:
    """The keys in an SSM parameter, read again when they may have changed."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._secret = ""
        self._keys = Keys("", {})
        self._reread_at: datetime | None = None

    def keys(self) -> Keys:
        """The keys, at most five minutes old."""
        return self._parsed(secrets.read(self._parameter))

    def keys_with(self, kid: str, now: datetime) -> Keys:
        """The keys, read again where they lack `kid`, which may be new.

        At most every thirty seconds, for a client can invent kids.
        """
        keys = self.keys()
        may_reread = self._reread_at is None or now - self._reread_at >= REREAD_INTERVAL
        if kid in keys.pems or not may_reread:
            return keys
        self._reread_at = now
        return self._parsed(secrets.reread(self._parameter))

    def _parsed(self, secret: str) -> Keys:
        if secret != self._secret:
            self._keys, self._secret = Keys.parse(secret), secret
        return self._keys


def _load(pem: str) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise TypeError("a signing key must be an EC key on P-256")
    return key
