"""Requests for links that are mailed, and their rules. No AWS, no clock.

A request is a row; its link carries a token (link_tokens.py) that only the mail has. It can be used once,
before it expires, and while its account has the epoch that it had when the request was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tiketz_common.errors import BadRequest, Code

KEPT_AFTER_END = timedelta(days=2)


class Purpose(StrEnum):
    """What a request's link does. The one of PASSWORD has no link: it reports a change that was made."""

    VERIFY = "verify"
    RESET = "reset"
    EMAIL = "email"
    PASSWORD = "password"


VALID = {
    Purpose.VERIFY: timedelta(hours=24),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.EMAIL: timedelta(hours=24),
    Purpose.PASSWORD: timedelta(),
}
"""How long a link can be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """One request. `email` is where its link goes; a change of address has the `old_email` too.

    A RESET has neither user nor epoch until its mail is written: nobody looks up before whether its address
    has an account.
    """

    id: str
    purpose: Purpose
    kid: str  # of the key that makes its token
    email: str
    created_at: datetime
    expires_at: datetime
    user_id: str | None = None
    epoch: int | None = None
    old_email: str | None = None
    used_at: datetime | None = None

    @classmethod
    def create(
        cls,
        request_id: str,
        purpose: Purpose,
        kid: str,
        email: str,
        now: datetime,
        *,
        user_id: str | None = None,
        epoch: int | None = None,
        old_email: str | None = None,
    ) -> "LinkRequest":
        """A request made now."""
        return cls(
            id=request_id,
            purpose=purpose,
            kid=kid,
            email=email,
            created_at=now,
            expires_at=now + VALID[purpose],
            user_id=user_id,
            epoch=epoch,
            old_email=old_email,
            used_at=now if purpose is Purpose.PASSWORD else None,
        )

    def open(self, now: datetime) -> bool:
        """Whether its link could still be used."""
        return self.used_at is None and now < self.expires_at


class LinkInvalid(BadRequest):
    """400: the token is unknown, of another purpose, used, too old, or from before the account changed."""

    code: Code = "link_invalid"

    def __init__(self) -> None:
        super().__init__("This link was used already, or is too old. Ask for a new one.", field="token")
