"""Passes every event that a bus has accepted to a listener in this process."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

Listener = Callable[[str, str, dict[str, Any]], None]
"""Gets an event's source, its detail-type and its detail."""

_listeners: list[Listener] = []


def on_event(listener: Listener) -> None:
    """Call `listener` with every event from now on. Replaces an earlier one."""
    _install()
    _listeners[:] = [listener]


@cache
def _install() -> None:
    from moto.events.models import EventsBackend

    put_events = EventsBackend.put_events

    def put_and_pass_on(self: Any, events: list[dict[str, Any]]) -> Any:
        results = put_events(self, events)
        for entry, result in zip(events, results, strict=True):
            if "EventId" in result:
                for listener in _listeners:
                    listener(entry["Source"], entry["DetailType"], json.loads(entry["Detail"]))
        return results

    EventsBackend.put_events = put_and_pass_on
