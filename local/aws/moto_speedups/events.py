"""EventBridge's patterns and paths, and those of Step Functions."""

from functools import lru_cache
from typing import Any

MAX_PATHS = 4096


def parse_paths_once() -> None:
    """Keep parsed JSONPath expressions: each event of an archive needs eight, each state of a machine some.

    Upstream: moto/events/utils.py, `EventTemplateParser.parse`;
    moto/stepfunctions/parser/asl/utils/json_path.py, `extract_json`.
    """
    from jsonpath_ng import ext as jsonpath
    from moto.stepfunctions.parser.asl.component.common.path import result_path
    from moto.stepfunctions.parser.asl.utils import json_path

    modules: list[Any] = [jsonpath, json_path, result_path]
    for module in modules:
        module.parse = lru_cache(MAX_PATHS)(module.parse)


def match_without_copy() -> None:
    """Match an event as it is.

    Upstream: moto/events/models.py, `EventPattern.matches_event` writes it as JSON and reads that first.
    """
    from moto.events.models import EventPattern

    def matches_event(self: Any, event: Any) -> bool:
        return not self._pattern or self._does_event_match(self._flatten_dict(event), self._pattern)

    EventPattern.matches_event = matches_event
