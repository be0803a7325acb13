"""Rate limits: how often something may happen for an account or from a network in one window of time.

The client's network is its IP address; see `network`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from tiketz_common.errors import Code, TooManyRequests

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
SLOWED_INTERVAL = timedelta(minutes=1)


class RateLimited(TooManyRequests):
    """A rate limit is reached; a subclass has the sentence."""

    sentence = "Too many requests; wait a little and try again."

    def __init__(self, wait: timedelta) -> None:
        super().__init__(self.sentence)
        self.retry_after = max(1, round(wait.total_seconds()))


class TooManyAttempts(RateLimited):
    """Signing in failed too often. Sessions that exist stay valid."""

    code: Code = "too_many_attempts"
    sentence = "Too many attempts to sign in failed; wait a little and try again."


class TooManySignUps(RateLimited):
    """A network created too many accounts."""

    code: Code = "too_many_sign_ups"
    sentence = "Too many accounts were created from your network; try again later."


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One subject's limit in the current window, which ends at `until`."""

    key: str
    limit: int
    until: datetime
    refusal: type[RateLimited]

    @classmethod
    def in_window(
        cls,
        kind: str,
        subject: str,
        limit: int,
        now: datetime,
        *,
        window: timedelta,
        refusal: type[RateLimited],
    ) -> "RateLimit":
        """The key is hashed: most failed sign-ins are not of users, and we store nothing of those."""
        number = int(now.timestamp() // window.total_seconds())
        until = datetime.fromtimestamp((number + 1) * window.total_seconds(), now.tzinfo)
        return cls(f"{kind}-{sha256(subject.encode()).hexdigest()}-{number}", limit, until, refusal)

    @classmethod
    def of_sign_ups(cls, address: str, limit: int, now: datetime) -> "RateLimit":
        """The sign-ups of an address's network in this hour, also those that were refused."""
        return cls.in_window("signups", network(address), limit, now, window=HOUR, refusal=TooManySignUps)

    def check(self, taken: int, now: datetime) -> None:
        """Raises `refusal` where so many reach the limit."""
        if taken >= self.limit:
            raise self.exceeded(now)

    def exceeded(self, now: datetime) -> RateLimited:
        """The refusal until the window ends."""
        return self.refusal(self.until - now)


class SignInLimits(NamedTuple):
    """How many sign-ins may fail in a quarter of an hour.

    An account's failures from one network never refuse another network. Those from all networks together only
    slow the account down: each network then has one attempt a minute.
    """

    of_network: int
    of_account: int
    of_account_and_network: int

    def at(self, email: str, address: str, now: datetime) -> "SignInCounters":
        """The current windows of a sign-in. The e-mail address may have no account."""
        here = network(address)
        return SignInCounters(
            network=self._counter("address", here, self.of_network, now),
            account=self._counter("account", email, self.of_account, now),
            account_and_network=self._counter("pair", f"{email} {here}", self.of_account_and_network, now),
        )

    @staticmethod
    def _counter(kind: str, subject: str, limit: int, now: datetime) -> RateLimit:
        return RateLimit.in_window(kind, subject, limit, now, window=QUARTER, refusal=TooManyAttempts)


class SignInCounters(NamedTuple):
    """The windows that a sign-in counts in; `SignInLimits` says what each is for."""

    network: RateLimit
    account: RateLimit
    account_and_network: RateLimit


def network(address: str) -> str:
    """The network that an IP address counts for: itself, or its /64, which an IPv6 host may use whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))
    return str(parsed)
