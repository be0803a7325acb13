"""moto's EventBridge, mended: an event reaches its targets as it is, and the world hears of it.

As shipped (5.2.5) moto writes each event into a text template by search and replace, so a ticket called
"<time>" would arrive as another; and it builds a parser for every field of every event to do so. A replay
says again all that the archive holds, whatever stretch of time was asked for.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

Listener = Callable[[str, str, dict[str, Any]], None]  # source, detail-type, detail


_listeners: list[Listener] = []  # called with every event that a bus has accepted


def on_event(listener: Listener) -> None:
    """Call `listener` with every event that a bus has accepted. Replaces an earlier listener."""
    _listeners[:] = [listener]


def apply() -> None:
    """Replace the faulty part of moto, for this process."""
    from moto.events.models import EventsBackend, Replay
    from moto.events.utils import EventTemplateParser

    put_events, parse = EventsBackend.put_events, EventTemplateParser.parse
    replay_events = Replay.replay_events

    def put_and_tell(self: Any, events: list[dict[str, Any]]) -> Any:
        answer = put_events(self, events)
        for entry, result in zip(events, answer, strict=True):
            if "EventId" in result:
                for listener in _listeners:
                    listener(entry["Source"], entry["DetailType"], json.loads(entry["Detail"]))
        return answer

    def as_it_is(input_template: str, input_paths_map: dict[str, Any], event: dict[str, Any]) -> Any:
        if input_template:
            return parse(input_template, input_paths_map, event)
        return {key: value for key, value in event.items() if key not in ("ingestion-time", "replay-name")}

    def replay_stretch(self: Any, archive: Any) -> None:
        asked = copy.copy(archive)
        begin, end = self.event_start_time, self.event_end_time  # seconds, as an event's time is here
        asked.events = [each for each in archive.events if begin <= each["time"] <= end]
        replay_events(self, asked)

    EventsBackend.put_events = put_and_tell
    Replay.replay_events = replay_stretch
    EventTemplateParser.parse = staticmethod(as_it_is)


def keep(client: Any, bus: str) -> None:
    """Give a bus what template.yaml gives it: an archive of all that our services say."""
    arn = client.describe_event_bus(Name=bus)["Arn"]
    pattern = json.dumps({"source": [{"prefix": "tiketz."}]})
    client.create_archive(ArchiveName=bus, EventSourceArn=arn, EventPattern=pattern)
