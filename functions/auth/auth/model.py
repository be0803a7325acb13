"""Accounts and sessions, and their rules. No AWS, no clock."""

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

PASSWORD_LENGTH = range(8, 129)


@dataclass(frozen=True, slots=True)
class User:
    """A user with an account. Only auth stores the e-mail address; other services have the id.

    `verified`: they opened a link that was mailed to the address. `epoch` counts the changes that end all
    sessions and requests of before: a new password or address, and signing out everywhere else.
    """

    id: str
    email: str
    verified: bool = False
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A user, the hash of their password, and since when they have their epoch (None: for long)."""

    user: User
    password_hash: str
    epoch_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A user, and when they signed up."""

    user: User
    created_at: datetime


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
    epoch: int = 0  # of the user when they signed in, or when another change of theirs spared this session
    created_at: datetime | None = None  # None: before this was stored
    device: str | None = None

    @classmethod
    def create(
        cls, family_id: str, user: User, digest: str, now: datetime, device: str | None = None
    ) -> "Family":
        """A new session's family, with its first token."""
        return cls(
            id=family_id,
            user_id=user.id,
            current=digest,
            expires_at=now + REFRESH,
            epoch=user.epoch,
            created_at=now,
            device=device,
        )

    @property
    def last_used_at(self) -> datetime:
        """When its tokens were last replaced."""
        return self.expires_at - REFRESH

    def accepts(self, digest: str, now: datetime) -> bool:
        """Whether a refresh token is the current one, or was a moment ago."""
        return digest == self.current or self.forgives(digest, now)

    def belongs_to(self, user: User, now: datetime) -> bool:
        """Whether it is a session that the user still has."""
        return self.user_id == user.id and self.epoch == user.epoch and not self.expired(now)

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
    if plain.isspace():
        raise ValueError("Not only spaces, please.")
    return plain
