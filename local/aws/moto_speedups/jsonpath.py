"""JSONPath expressions of EventBridge and Step Functions."""

from functools import lru_cache
from typing import Any

MAX_PATHS = 4096


def parse_paths_once() -> None:
    """Keep parsed expressions: each event of an archive needs eight, each state of a state machine some.

    Upstream: moto/events/utils.py, `EventTemplateParser.parse`;
    moto/stepfunctions/parser/asl/utils/json_path.py, `extract_json`.
    """
    from jsonpath_ng import ext
    from moto.stepfunctions.parser.asl.component.common.path import result_path
    from moto.stepfunctions.parser.asl.utils import json_path

    modules: list[Any] = [ext, json_path, result_path]
    for module in modules:
        module.parse = lru_cache(MAX_PATHS)(module.parse)
