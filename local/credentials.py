"""The local environment's secrets: made on the first start, for their owner alone, passed on through SSM."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from auth.keys import Keys
from auth.link_tokens import LinkKey, LinkKeys

PARAMETERS = {
    "signing_keys": "/tiketz/auth/signing-keys",
    "verification_keys": "/tiketz/auth/verification-keys",
    "refresh_key": "/tiketz/auth/refresh-key",
    "link_keys": "/tiketz/auth/link-keys",
    "stripe_secret": "/tiketz/stripe/secret-key",
    "webhook_secret": "/tiketz/stripe/webhook-secret",
}
"""Field of Credentials, or property → name of the SSM parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Everything secret, and Stripe's publishable key beside it."""

    signing_keys: str  # JSON: {"current": kid, "keys": {kid: EC P-256 private key, PEM}}
    refresh_key: str  # 64 hexadecimal digits
    link_keys: str  # JSON, as auth.link_tokens says
    stripe_secret: str
    stripe_publishable: str
    webhook_secret: str
    seller_password: str
    buyer_password: str

    @property
    def verification_keys(self) -> str:
        """The public keys of `signing_keys`, a JWKS."""
        return json.dumps({"keys": Keys.parse(self.signing_keys).jwks})


def load_or_create(data: Path) -> Credentials:
    """The credentials of this data folder."""
    file = data / "keys.json"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(_generate()), indent=2))
    stored = json.loads(file.read_text())
    credentials = Credentials(**{"link_keys": _link_keys(), **stored})  # earlier versions stored none
    if "link_keys" not in stored:
        file.write_text(json.dumps(asdict(credentials), indent=2))
    return credentials


def store_in_ssm(credentials: Credentials, ssm: Any) -> None:
    """Put each secret where its service reads it."""
    for field, name in PARAMETERS.items():
        ssm.put_parameter(Name=name, Value=getattr(credentials, field), Type="SecureString", Overwrite=True)


def _link_keys() -> str:
    kid = secrets.token_hex(8)
    return LinkKeys(kid, {kid: LinkKey(secrets.token_hex(32))}).secret()


def _generate() -> Credentials:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    kid = secrets.token_hex(8)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Credentials(
        signing_keys=json.dumps({"current": kid, "keys": {kid: pem.decode()}}),
        refresh_key=secrets.token_hex(32),
        link_keys=_link_keys(),
        stripe_secret=f"sk_test_{secrets.token_hex(12)}",
        stripe_publishable=f"pk_test_{secrets.token_hex(12)}",
        webhook_secret=f"whsec_{secrets.token_hex(16)}",
        seller_password=f"sell-{secrets.token_hex(4)}",
        buyer_password=f"buy-{secrets.token_hex(4)}",
    )
