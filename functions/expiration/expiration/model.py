"""Holds and their timers. No AWS, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How long an order keeps its units, as of its last extension."""

    order_id: str
    extensions: int
    expires_at: datetime

    @property
    def name(self) -> str:
        """The timer's name: the same for the same hold, so that a repeat can't start a second."""
        return _name(self.order_id, self.extensions)

    @property
    def earlier(self) -> list[str]:
        """The names of the timers that this hold replaces."""
        return [_name(self.order_id, each) for each in range(self.extensions)]

    @property
    def wakes_at(self) -> datetime:
        """The first whole second a tenth past the end: timers wait whole seconds, and clocks differ."""
        latest = self.expires_at + timedelta(microseconds=1_099_999)
        return latest.replace(microsecond=0)


def _name(order_id: str, extensions: int) -> str:
    return f"{order_id}-{extensions}" if extensions else order_id
