"""The keys that sign sessions, and the steps of their rotation, which signs no user out.

Publish the new key, sign with it, retire the old one: each step waits until every process knows the one
before it (functions/auth/auth/keys.py).
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

# Processes cache a secret for 5 minutes, clients the JWKS for 5 more.
PUBLISHED_FOR = timedelta(minutes=10)
# 5 minutes until every process signs with it, 15 that a session lives.
SIGNED_FOR = timedelta(minutes=20)


class TooEarly(Exception):
    """The next step would sign users out now; its argument is when it would not."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Private keys by kid, the oldest first: `current` signs, all verify. `changed_at` is the last step."""

    current: str
    keys: Mapping[str, str]
    changed_at: datetime

    @classmethod
    def first(cls, now: datetime) -> "SigningKeys":
        """One new key."""
        kid, pem = _generate(now)
        return cls(kid, {kid: pem}, now)

    @classmethod
    def parse(cls, secret: str) -> "SigningKeys":
        """From the JSON in SSM."""
        stored = json.loads(secret)
        changed_at = datetime.fromisoformat(stored.get("changedAt", "1970-01-01T00:00:00+00:00"))
        return cls(stored["current"], stored["keys"], changed_at)

    def secret(self) -> str:
        """The JSON in SSM."""
        return json.dumps(
            {"current": self.current, "keys": dict(self.keys), "changedAt": self.changed_at.isoformat()}
        )

    @property
    def newest(self) -> str:
        """The kid that was generated last."""
        return list(self.keys)[-1]

    @property
    def rotating(self) -> bool:
        """Whether a step is still to come."""
        return len(self.keys) > 1

    def next_step(self, now: datetime) -> tuple["SigningKeys", str]:
        """The keys after the next step, and its description. Raises TooEarly."""
        if not self.rotating:
            kid, pem = _generate(now)
            return SigningKeys(self.current, {**self.keys, kid: pem}, now), f"{kid} is published"
        if self.current != self.newest:
            self._check_elapsed(PUBLISHED_FOR, now)
            return replace(self, current=self.newest, changed_at=now), f"{self.newest} signs"
        self._check_elapsed(SIGNED_FOR, now)
        remaining = {self.current: self.keys[self.current]}
        return SigningKeys(self.current, remaining, now), f"{self.current} is the only key left"

    def _check_elapsed(self, period: timedelta, now: datetime) -> None:
        if now - self.changed_at < period:
            raise TooEarly(self.changed_at + period)


def _generate(now: datetime) -> tuple[str, str]:
    """A new key's id and its PEM."""
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return f"{now:%Y%m%d}-{secrets.token_hex(4)}", pem
