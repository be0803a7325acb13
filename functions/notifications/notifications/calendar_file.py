"""The calendar file of a ticket (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from notifications.model import Order

MAX_LINE = 75  # octets, without the line break (§3.1)


def of(order: Order, url: str, now: datetime) -> str | None:
    """An event at the listing's time, in the venue's zone or in UTC; None for an undated ticket.

    Listings have no end, and none is made up: the event is a moment (§3.6.1).
    """
    if order.starts_at is None:
        return None
    place = ", ".join(filter(None, (order.venue, order.city)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tiketz//Tickets//EN",
        "METHOD:PUBLISH",
        *(_zone(order.starts_at, order.time_zone) if order.time_zone else []),
        "BEGIN:VEVENT",
        f"UID:{order.id}@tiketz",
        f"DTSTAMP:{_utc(now)}",
        _start(order.starts_at, order.time_zone),
        f"SUMMARY:{_text(order.title)}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _start(time: datetime, zone: str | None) -> str:
    if zone is None:
        return f"DTSTART:{_utc(time)}"
    return f"DTSTART;TZID={zone}:{time.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _zone(time: datetime, zone: str) -> list[str]:
    """The zone that the event is in (§3.6.5), with the one offset that it has then."""
    offset = f"{time.astimezone(ZoneInfo(zone)):%z}"
    return [
        "BEGIN:VTIMEZONE",
        f"TZID:{zone}",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def _utc(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (§3.3.11); it has no line breaks."""
    for character in "\\;,":
        value = value.replace(character, f"\\{character}")
    return value


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, in which no character is split."""
    part = ""
    for character in line:
        if len((part + character).encode()) > MAX_LINE:
            yield part
            part = " "
        part += character
    yield part
