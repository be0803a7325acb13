"""An event reaches its targets unchanged where its rule has no input transformer.

Upstream: getmoto/moto, moto/events/utils.py, `EventTemplateParser.parse`. moto writes each event into a text
template by search and replace: an event that holds "<time>" in a field arrives with the time in its place.
"""

from typing import Any

ADDED_BY_MOTO = ("ingestion-time", "replay-name")


def apply() -> None:
    from moto.events.utils import EventTemplateParser

    parse = EventTemplateParser.parse

    def parse_or_pass_on(input_template: str, input_paths_map: dict[str, Any], event: dict[str, Any]) -> Any:
        if input_template:
            return parse(input_template, input_paths_map, event)
        return {key: value for key, value in event.items() if key not in ADDED_BY_MOTO}

    EventTemplateParser.parse = staticmethod(parse_or_pass_on)
