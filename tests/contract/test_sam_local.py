"""`sam local invoke` finds what it needs: an event for each function, and settings its template names."""

import json
from typing import Any

import pytest

from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration")


def functions() -> dict[str, set[str]]:
    """Every function by its full path (`Orders/Api`), with the variables that its template names."""
    variables = {}
    for service in SERVICES:
        template = service_template(service)
        shared = template.get("Globals", {}).get("Function", {})
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                variables[f"{service.capitalize()}/{name}"] = _named(shared) | _named(resource["Properties"])
    return variables


def _named(properties: dict[str, Any]) -> set[str]:
    return set(properties.get("Environment", {}).get("Variables", {}))


@pytest.mark.parametrize("path", sorted(functions()))
def test_every_function_has_a_sample_event(path: str) -> None:
    service, name = path.lower().split("/")
    assert json.loads((ROOT / f"events/{service}-{name}.json").read_text())


def test_the_settings_are_declared_by_the_functions() -> None:
    settings = json.loads((ROOT / "env.json").read_text())
    common = settings.pop("Parameters")
    named = functions()
    assert {path for path in named if path.endswith("/Api")} <= set(settings)
    for path, chosen in settings.items():
        assert set(chosen) <= named[path], path
    assert set(common) <= set().union(*named.values())
    assert all("AWS_ENDPOINT_URL" in names for names in named.values())
