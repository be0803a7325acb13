"""Keys of sessions, from SSM: private ones that sign, and public ones that only verify.

The private keys' secret is JSON: `{"current": kid, "keys": {kid: PEM of an EC P-256 private key}}`. `current`
signs, all of them verify, so a key is rotated without signing users out:

1. Add the new key to `keys`. After five minutes every process has it, and after five more every cache of the
   JWKS (its Cache-Control).
2. Make it `current`.
3. After twenty minutes no process signs with the old key and no session signed by it is valid: remove it.

The authorizer has the public keys only, as a JWKS in a parameter of their own. Operators write it before each
of these steps and before each deployment (operate/secrets.py).
"""

import json
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from auth.pyjwt import ECAlgorithm


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
        return {kid: _private(pem) for kid, pem in self.pems.items()}

    @cached_property
    def public(self) -> dict[str, EllipticCurvePublicKey]:
        """The public keys by kid."""
        return {kid: key.public_key() for kid, key in self.private.items()}

    def __contains__(self, kid: str) -> bool:
        return kid in self.pems

    @property
    def jwks(self) -> list[dict[str, str]]:
        """The public keys as JWKs (RFC 7517), with which anybody can verify a token."""
        return [
            {**ECAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": "ES256"}
            for kid, key in self.public.items()
        ]


@dataclass(frozen=True)
class PublicKeys:
    """Public keys as JWKs."""

    jwks: list[dict[str, str]]

    @classmethod
    def parse(cls, text: str) -> "PublicKeys":
        """The keys of a JWKS: `{"keys": […]}`."""
        return cls(json.loads(text)["keys"])

    def __contains__(self, kid: str) -> bool:
        return kid in self.public

    @cached_property
    def public(self) -> dict[str, EllipticCurvePublicKey]:
        """The public keys by kid. Raises TypeError for a key that is not on P-256."""
        return {each["kid"]: _public(each) for each in self.jwks}


def _private(pem: str) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise TypeError("a signing key must be an EC key on P-256")
    return key


def _public(jwk: dict[str, str]) -> EllipticCurvePublicKey:
    key = ECAlgorithm.from_jwk(jwk)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise TypeError("a verification key must be an EC public key on P-256")
    return key
