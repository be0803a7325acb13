"""Accounts and sessions, and their rules. No AWS, no clock."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SESSION = timedelta(minutes=15)
REFRESH = timedelta(days=30)
GRACE = timedelta(seconds=10)
SPENT_KEPT = 10  # spent tokens that a family stores
ORDER_KEPT = timedelta(days=30)  # longer than an event can be late: queues and archive keep two weeks
OVERDUE = timedelta(days=1)  # an order so long past its time has ended, though no event of it arrived
DELETED_USER_KEPT = timedelta(days=40)  # longer than a table can be restored to, so that none is restored

EMAIL_LENGTH = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
PASSWORD_LENGTH = range(8, 129)

_LOCAL = r"[^\s@\"(),:;<>\[\\\].]{1,64}"
_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}(\.{_LOCAL})*@({_LABEL}\.)+(?!\d+$){_LABEL}")


@dataclass(frozen=True, slots=True)
class User:
    """A user with an account. Only auth stores the e-mail address; other services have the id."""

    id: str
    email: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user and the hash of their password."""

    user: User
    password_hash: str


@dataclass(frozen=True, slots=True)
class SpentToken:
    """A refresh token that was used, and when."""

    digest: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All refresh tokens that descend from one sign-in. One is current; its use makes its successor current.

    Tokens are stored as their SHA-256 (`digest`). `spent` holds the latest used ones.
    """

    id: str
    user_id: str
    current: str
    expires_at: datetime
    spent: tuple[SpentToken, ...] = ()

    @classmethod
    def create(cls, family_id: str, user_id: str, digest: str, now: datetime) -> "Family":
        """A new session's family, with its first token."""
        return cls(id=family_id, user_id=user_id, current=digest, expires_at=now + REFRESH)

    def rotate(self, successor: str, now: datetime) -> "Family":
        """The family after its current token was used."""
        spent = (*self.spent, SpentToken(self.current, now))[-SPENT_KEPT:]
        return replace(self, current=successor, spent=spent, expires_at=now + REFRESH)

    def forgives(self, digest: str, now: datetime) -> bool:
        """Whether a spent token is accepted once more: the response to its use may have been lost."""
        return any(digest == spent.digest and now - spent.at <= GRACE for spent in self.spent)

    def expired(self, now: datetime) -> bool:
        """Whether the session was unused for too long."""
        return now >= self.expires_at


def normalize_email(text: str) -> str:
    """The one form of an e-mail address that we store and compare. Raises ValueError.

    Case is ignored and accents have one spelling (NFC). Only a message would show whether the address exists,
    so this refuses what can't be one and little else: no quoted names, no bare hosts.
    """
    plain = unicodedata.normalize("NFC", text.strip().lower())
    if len(plain) > EMAIL_LENGTH or not plain.isprintable() or not _EMAIL.fullmatch(plain):
        raise ValueError("This is not an e-mail address.")
    return plain


def normalize_password(text: str) -> str:
    """The one form of a password that we hash. Raises ValueError.

    Any character is accepted, each code point counts as one and none is cut off. NFKC, so that every keyboard
    spells it alike (NIST SP 800-63B §5.1.1.2).
    """
    plain = unicodedata.normalize("NFKC", text)
    if not plain:
        raise ValueError("This is needed.")
    if len(plain) >= PASSWORD_LENGTH.stop:
        raise ValueError(f"At most {PASSWORD_LENGTH.stop - 1} characters, please.")
    return plain


def normalize_new_password(text: str) -> str:
    """The same for a password that a user chooses now, which must be long enough. Raises ValueError."""
    plain = normalize_password(text)
    if len(plain) < PASSWORD_LENGTH.start:
        raise ValueError(f"At least {PASSWORD_LENGTH.start} characters, please.")
    return plain
