"""What holding without paying is limited to, and the refusals beyond it. No AWS, no clock."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tiketz_common.errors import Code, TooManyRequests

MAX_RELEASES = 1  # how often a buyer may let units of a ticket go, or expire, before there is a pause


class HoldLimits(NamedTuple):
    """What holding without paying is limited to; the parameters RepeatHoldSeconds and MaxUnpaidUnits."""

    pause: timedelta  # after the second release of a ticket, before the same buyer can hold it again
    max_unpaid_units: int  # of one buyer, of all tickets together

    def until(self, released_at: datetime) -> datetime:
        """When a buyer who released a ticket too often may hold it again."""
        return released_at + self.pause


class ReleasedTooOften(TooManyRequests):
    """The buyer held this ticket more than once without paying, a moment ago."""

    code: Code = "released_too_often"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(
            "You let this one go more than once. Others get a chance now; try again in a moment."
        )
        self.retry_after = max(1, round(wait.total_seconds()))


class TooManyUnpaid(TooManyRequests):
    """The buyer holds too much that is not paid."""

    code: Code = "too_many_unpaid"

    def __init__(self, limit: int) -> None:
        super().__init__(f"You can hold {limit} tickets that are not paid. Pay for some, or let them go.")
