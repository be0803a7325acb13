"""The repository's root and the services' templates."""

from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[2]


@cache
def service_template(service: str) -> dict[str, Any]:
    """`functions/<service>/template.yaml`, parsed. Callers do not change it."""
    template: dict[str, Any] = yaml_parse((ROOT / f"functions/{service}/template.yaml").read_text())
    return template


def table_properties(service: str) -> dict[str, Any]:
    """The properties of the service's table."""
    properties: dict[str, Any] = service_template(service)["Resources"]["Table"]["Properties"]
    return properties
