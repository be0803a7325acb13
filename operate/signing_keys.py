"""The keys that sign sessions, and their rotation, which signs nobody out.

One step at a time, each so long after the last that every process knows it (functions/auth/auth/keys.py):
publish the new key, sign with it, retire the old one.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PUBLISHED_FOR = timedelta(
    minutes=10
)  # processes keep a secret for five minutes, readers the JWKS for five more
SIGNED_FOR = timedelta(minutes=20)  # five until every process signs with it, fifteen that a session lives


class TooEarly(Exception):
    """The next step would sign somebody out now; its one argument is when it would not."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Private keys by kid, the oldest first: `current` signs, all verify. `changed_at` says since when."""

    current: str
    keys: Mapping[str, str]
    changed_at: datetime

    @classmethod
    def first(cls, now: datetime) -> "SigningKeys":
        kid, pem = _new(now)
        return cls(kid, {kid: pem}, now)

    @classmethod
    def parse(cls, secret: str) -> "SigningKeys":
        told = json.loads(secret)
        changed_at = datetime.fromisoformat(told.get("changedAt", "1970-01-01T00:00:00+00:00"))
        return cls(told["current"], told["keys"], changed_at)

    def secret(self) -> str:
        """As SSM holds it."""
        told = {"current": self.current, "keys": dict(self.keys), "changedAt": self.changed_at.isoformat()}
        return json.dumps(told)

    @property
    def newest(self) -> str:
        return list(self.keys)[-1]

    def next_step(self, now: datetime) -> tuple["SigningKeys", str]:
        """The keys after the next step, and what it was. Raises TooEarly."""
        if len(self.keys) == 1:
            kid, pem = _new(now)
            return SigningKeys(self.current, {**self.keys, kid: pem}, now), f"{kid} is published"
        if self.current != self.newest:
            self._wait(PUBLISHED_FOR, now)
            return replace(self, current=self.newest, changed_at=now), f"{self.newest} signs"
        self._wait(SIGNED_FOR, now)
        kept = {self.current: self.keys[self.current]}
        return SigningKeys(self.current, kept, now), f"only {self.current} is left"

    @property
    def rotating(self) -> bool:
        """Whether a step is still to come."""
        return len(self.keys) > 1

    def _wait(self, enough: timedelta, now: datetime) -> None:
        if now - self.changed_at < enough:
            raise TooEarly(self.changed_at + enough)


def _new(now: datetime) -> tuple[str, str]:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return f"{now:%Y%m%d}-{secrets.token_hex(4)}", pem
