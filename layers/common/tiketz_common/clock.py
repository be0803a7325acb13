"""The clock: the one place that reads the time, so that a test can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time, aware, in UTC, cut to the millisecond, which is what rows store."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def to_wire(time: datetime) -> str:
    """RFC 3339 in UTC with milliseconds; sorts as text by time."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """The aware time that `to_wire` wrote. Raises ValueError."""
    return datetime.fromisoformat(text)
