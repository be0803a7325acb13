"""moto's EventBridge, mended: an event reaches its targets as it is, and the world hears of it.

As shipped (5.2.5) moto writes each event into a text template by search and replace, so a ticket called
"<time>" would arrive as another; and it builds a parser for every field of every event to do so.
"""

import json
from collections.abc import Callable
from typing import Any

Heard = Callable[[str, str, dict[str, Any]], None]  # source, detail-type, detail


def mend(heard: Heard) -> None:
    """Replace the faulty part of moto, for this process, and listen."""
    from moto.events.models import EventsBackend
    from moto.events.utils import EventTemplateParser

    put_events, parse = EventsBackend.put_events, EventTemplateParser.parse

    def put_and_tell(self: Any, events: list[dict[str, Any]]) -> Any:
        answer = put_events(self, events)
        for entry, result in zip(events, answer, strict=True):
            if "EventId" in result:
                heard(entry["Source"], entry["DetailType"], json.loads(entry["Detail"]))
        return answer

    def as_it_is(input_template: str, input_paths_map: dict[str, Any], event: dict[str, Any]) -> Any:
        if input_template:
            return parse(input_template, input_paths_map, event)
        return {key: value for key, value in event.items() if key not in ("ingestion-time", "replay-name")}

    EventsBackend.put_events = put_and_tell
    EventTemplateParser.parse = staticmethod(as_it_is)
