"""The live feed: every event that the bus has accepted, kept for a while and passed on to followers."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

MAX_EVENTS = 5000
SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}

Event = dict[str, Any]
"""number, time (RFC 3339), service, name, summary, detail (the event's envelope)."""


class Feed:
    """The last events, the newest at the end."""

    def __init__(self, print_event: Callable[[str, str, str], None]) -> None:
        """`print_event` gets each event's service, name and summary."""
        self._print_event = print_event
        self._events: deque[Event] = deque(maxlen=MAX_EVENTS)
        self._count = 0
        self._changed = threading.Condition()

    def add(self, source: str, name: str, detail: dict[str, Any]) -> None:
        """Keep an event, and pass it on."""
        service, summary = source.removeprefix("tiketz."), summarize(detail.get("data", {}))
        with self._changed:
            self._count += 1
            self._events.append(
                {
                    "number": self._count,
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "service": service,
                    "name": name,
                    "summary": summary,
                    "detail": detail,
                }
            )
            self._changed.notify_all()
        self._print_event(service, name, summary)

    def events(self, correlation: str = "", order: str = "", name: str = "", after: int = 0) -> list[Event]:
        """The kept events that pass every filter given, the oldest first."""
        with self._changed:
            events = list(self._events)
        return [
            each
            for each in events
            if each["number"] > after
            and (not correlation or each["detail"].get("correlationId") == correlation)
            and (not name or each["name"] == name)
            and (not order or order in _ids(each["detail"].get("data", {})))
        ]

    def follow(self, after: int, seconds: float) -> Iterator[Event]:
        """Events as they come; ends after so many seconds without one."""
        while self._wait(after, seconds):
            for event in self.events(after=after):
                after = event["number"]
                yield event

    def _wait(self, after: int, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count > after, timeout=seconds)


def summarize(data: dict[str, Any]) -> str:
    """An event's data in a few words: what it is about, units, money, status and time."""
    subject = next(
        (data[key] for key in ("orderId", "id", "ticketId", "userId", "requestId") if data.get(key)), ""
    )
    words = [str(subject)[:8], *_titles(data), *_units(data), *_money(data), *_status(data)]
    return " ".join(words).strip()


def _titles(data: dict[str, Any]) -> Iterator[str]:
    if "title" in data:
        yield f"“{data['title']}”"
    if isinstance(data.get("ticket"), dict):
        yield f"“{data['ticket'].get('title')}”"


def _units(data: dict[str, Any]) -> Iterator[str]:
    if "held" in data:
        yield f"{data['available']} free, {data['held']} held, {data['sold']} sold"
    elif "quantity" in data:
        yield f"× {data['quantity']}"


def _money(data: dict[str, Any]) -> Iterator[str]:
    for key in ("total", "amount", "price"):
        if key in data and "currency" in data:
            yield f"{SYMBOLS.get(data['currency'], '')}{data[key] / 100:.2f}"


def _status(data: dict[str, Any]) -> Iterator[str]:
    if "status" in data:
        yield str(data["status"])
    if data.get("reason"):
        yield f"({data['reason']})"
    if data.get("expiresAt") and data.get("status") in (None, "pending"):
        yield f"until {datetime.fromisoformat(data['expiresAt']).astimezone():%H:%M:%S}"


def _ids(data: dict[str, Any]) -> set[Any]:
    return {data.get(key) for key in ("id", "orderId", "ticketId")}
