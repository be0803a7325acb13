"""The keys in a parameter of SSM, read again when they may have changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from tiketz_common import secrets

REREAD_INTERVAL = timedelta(seconds=30)


class ByKid(Protocol):
    """Keys that have ids."""

    def __contains__(self, kid: str, /) -> bool:
        """Whether there is a key of this id."""


K = TypeVar("K", bound=ByKid)


class KeyRing(Generic[K]):
    """The keys of one parameter, as `parse` reads them."""

    def __init__(self, parameter: str, parse: Callable[[str], K]) -> None:
        self._parameter, self._parse = parameter, parse
        self._parsed: tuple[str, K] | None = None
        self._reread_at: datetime | None = None

    def keys(self) -> K:
        """The keys, at most five minutes old."""
        return self._of(secrets.read(self._parameter))

    def keys_with(self, kid: str, now: datetime) -> K:
        """The keys, read again where this id is missing, as it may be new.

        At most every thirty seconds, for a client can invent kids.
        """
        keys = self.keys()
        may_reread = self._reread_at is None or now - self._reread_at >= REREAD_INTERVAL
        if kid not in keys and may_reread:
            self._reread_at = now
            keys = self._of(secrets.reread(self._parameter))
        return keys

    def _of(self, text: str) -> K:
        if self._parsed is None or self._parsed[0] != text:
            self._parsed = text, self._parse(text)
        return self._parsed[1]
