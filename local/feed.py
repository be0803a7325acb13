"""The live flow of events: everything that goes over the bus, kept for a while and told to who listens."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

REMEMBERED = 5000
MONEY = {"eur": "€", "usd": "$", "gbp": "£"}

Event = dict[str, Any]


class Feed:
    """What happened, newest last."""

    def __init__(self, tell: Callable[[str, str, str], None]) -> None:
        self._tell = tell
        self._events: deque[Event] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._changed = threading.Condition()

    def add(self, source: str, name: str, detail: dict[str, Any]) -> None:
        """Remember an event and tell of it."""
        data = detail.get("data", {})
        service, told = source.removeprefix("tiketz."), gist(data)
        with self._changed:
            self._count += 1
            self._events.append(
                {
                    "number": self._count,
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "service": service,
                    "name": name,
                    "gist": told,
                    "detail": detail,
                }
            )
            self._changed.notify_all()
        self._tell(service, name, told)

    def events(self, correlation: str = "", order: str = "", name: str = "", after: int = 0) -> list[Event]:
        """Those remembered that fit every filter given, oldest first."""
        with self._changed:
            kept = list(self._events)
        return [
            each
            for each in kept
            if each["number"] > after
            and (not correlation or each["detail"].get("correlationId") == correlation)
            and (not name or each["name"] == name)
            and (not order or order in _ids(each["detail"].get("data", {})))
        ]

    def follow(self, after: int, seconds: float) -> Iterator[Event]:
        """New events as they come; ends after a silence."""
        while self._wait(after, seconds):
            for event in self.events(after=after):
                after = event["number"]
                yield event

    def _wait(self, after: int, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count > after, timeout=seconds)


def gist(data: dict[str, Any]) -> str:
    """An event's data in a few words."""
    words: list[str] = []
    if "title" in data:
        words.append(f"“{data['title']}”")
    if isinstance(data.get("ticket"), dict):
        words.append(f"“{data['ticket'].get('title')}”")
    if "held" in data:
        words.append(f"{data['available']} free, {data['held']} held, {data['sold']} sold")
    elif "quantity" in data:
        words.append(f"× {data['quantity']}")
    for key in ("total", "amount", "price"):
        if key in data and "currency" in data:
            words.append(f"{MONEY.get(data['currency'], '')}{data[key] / 100:.2f}")
    if "status" in data:
        words.append(str(data["status"]))
    if data.get("reason"):
        words.append(f"({data['reason']})")
    if data.get("expiresAt") and data.get("status") in (None, "pending"):
        words.append(f"until {datetime.fromisoformat(data['expiresAt']).astimezone():%H:%M:%S}")
    subject = next((data[key] for key in ("orderId", "id", "ticketId", "userId") if data.get(key)), "")
    return " ".join([str(subject)[:8], *words]).strip()


def _ids(data: dict[str, Any]) -> set[Any]:
    return {data.get(key) for key in ("id", "orderId", "ticketId")}
