"""Time zones of venues: IANA names, and the calendar day there."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache

FIRST, LAST = timedelta(hours=14), timedelta(hours=-12)  # where a day begins first and last, ahead of UTC


@cache
def names() -> frozenset[str]:
    """Every name in the tz database, except `Factory`, which stands for a zone that nobody has set."""
    from importlib.resources import files  # only where a zone is given: it would slow down every start

    return frozenset((files("tzdata") / "zones").read_text().split()) - {"Factory"}


def local_day(at: datetime, zone: str | None) -> date:
    """The calendar day of a time in a zone; in UTC without one."""
    return at.astimezone(_zone(zone) if zone else UTC).date()


def begins_first(day: date) -> datetime:
    """The earliest time that is this day anywhere."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - FIRST


def ends_last(day: date) -> datetime:
    """The time from which on it is this day nowhere."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) - LAST


@cache
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
