"""The one place that reads the time, so that a test can hold it still."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time, aware, in UTC, to the millisecond: what a row gives back equals what was written."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def to_wire(time: datetime) -> str:
    """RFC 3339 in UTC with milliseconds; sorts as text in time's order."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """The aware time that `to_wire` wrote. Raises ValueError."""
    return datetime.fromisoformat(text)
