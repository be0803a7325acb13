"""Each service's README lists the routes, published and consumed events that its code has."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.templates import ROOT
from tools import openapi

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
LONGEST = 50  # lines


def readme(service: str) -> str:
    return (ROOT / "functions" / service / "README.md").read_text()


def named(service: str, heading: str) -> set[str]:
    """The events under a bold heading."""
    text = readme(service).partition(f"**{heading}**")[2].partition("\n\n")[0]
    return set(re.findall(r"`([A-Z]\w+)`", text))


def published(service: str) -> set[str]:
    return {
        schema_name
        for schema_name, schema in openapi.event_schemas().items()
        if schema["source"] == f"tiketz.{service}"
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_readme_names_the_services_events(service: str) -> None:
    apis = openapi.apis()
    assert named(service, "Publishes") == published(service)
    assert named(service, "Consumes") == set(import_module(f"{service}.consumer").inbox.types)
    routes = {
        (route.method, route.path)
        for name, api in apis.items()
        if name.startswith(f"{service}.")
        for route in api.routes
    }
    assert set(re.findall(r"^\| `([A-Z]+) (\S+)` \|", readme(service), re.MULTILINE)) == routes


@pytest.mark.parametrize("path", sorted(ROOT.glob("functions/*/README.md")), ids=lambda path: path.parts[-2])
def test_a_readme_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST
