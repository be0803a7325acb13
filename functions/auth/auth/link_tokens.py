"""Tokens of mailed links: `requestId.mac`, made when the mail is written, never stored.

`mac` is HMAC-SHA256(key, `purpose|requestId|userId`) in base64url. The keys' secret is JSON:
`{"current": kid, "keys": {kid: {"key": 64 hexadecimal digits, "until": time or null}}}`. `current` makes new
tokens; the key before it is accepted until its time, a day after the rotation.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiketz_common.clock import from_wire, to_wire

from auth.link_requests import LinkRequest

ACCEPTED_AFTER_ROTATION = timedelta(days=1)
_TOKEN = re.compile(r"([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A key in hexadecimal, and until when it is accepted; None: it is the current one."""

    key: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """Keys by kid, and which of them makes new tokens."""

    current: str
    keys: dict[str, LinkKey]

    @classmethod
    def parse(cls, secret: str) -> "LinkKeys":
        """The keys of a secret."""
        content = json.loads(secret)
        keys = {
            kid: LinkKey(each["key"], from_wire(each["until"]) if each["until"] else None)
            for kid, each in content["keys"].items()
        }
        return cls(content["current"], keys)

    def secret(self) -> str:
        """The keys as a secret."""
        keys = {
            kid: {"key": each.key, "until": to_wire(each.until) if each.until else None}
            for kid, each in self.keys.items()
        }
        return json.dumps({"current": self.current, "keys": keys})

    def rotate(self, kid: str, key: str, now: datetime) -> "LinkKeys":
        """These keys with a new current one. Of the others, only the one before it is still accepted."""
        before = LinkKey(self.keys[self.current].key, now + ACCEPTED_AFTER_ROTATION)
        return LinkKeys(kid, {self.current: before, kid: LinkKey(key)})

    def __contains__(self, kid: str) -> bool:
        return kid in self.keys

    def token(self, request: LinkRequest, now: datetime) -> str | None:
        """The token of a request's link; None where its key is no longer accepted."""
        key = self.keys.get(request.kid)
        if key is None or (key.until and now >= key.until):
            return None
        message = f"{request.purpose.value}|{request.id}|{request.user_id}"
        mac = hmac.digest(bytes.fromhex(key.key), message.encode(), "sha256")
        return f"{request.id}.{urlsafe_b64encode(mac).decode().rstrip('=')}"

    def made(self, token: str, request: LinkRequest, now: datetime) -> bool:
        """Whether a token is the request's. Takes as long for a wrong one."""
        expected = self.token(request, now)
        return expected is not None and hmac.compare_digest(expected.encode(), token.encode())


def request_of(token: str) -> str | None:
    """The id of the request that a token claims to be of; None for what is no token."""
    match = _TOKEN.fullmatch(token)
    return match[1] if match else None
