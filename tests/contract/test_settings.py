"""What a function reads from its environment is what its template sets."""

import ast
from importlib import import_module
from typing import Any

import pytest
from tiketz_common import settings
from tiketz_common.origin import Origin

from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
OF_LIBRARIES = {"AWS_ENDPOINT_URL", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME"}
UNUSED = {("orders", "Relay"), ("tickets", "Relay"), ("payments", "Relay")}  # TABLE_NAME, from Globals


def variables(properties: dict[str, Any]) -> set[str]:
    return set(properties.get("Environment", {}).get("Variables", {}))


FUNCTIONS = [
    (service, name, resource["Properties"])
    for service in SERVICES
    for name, resource in service_template(service)["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
]


def read(service: str, module: str) -> set[str]:
    """The variables that a module reads: the fields of each `settings.read(…)` in it."""
    tree = ast.parse((ROOT / f"functions/{service}/{service}/{module}.py").read_text())
    names = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "settings.read"
    ]
    declared = vars(import_module(f"{service}.settings")) | {Origin.__name__: Origin}
    return {field.upper() for name in names for field in declared[name]._fields}


@pytest.mark.parametrize(("service", "name", "properties"), FUNCTIONS, ids=lambda each: str(each)[:12])
def test_a_function_reads_the_variables_of_its_template(
    service: str, name: str, properties: dict[str, Any]
) -> None:
    shared = service_template(service).get("Globals", {}).get("Function", {})
    declared = variables(shared) | variables(properties)
    unread = {"TABLE_NAME"} if (service, name) in UNUSED else set()
    assert read(service, properties["Handler"].split(".")[1]) == declared - OF_LIBRARIES - unread


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = import_module("orders.settings")
    monkeypatch.setenv("TABLE_NAME", "orders")
    monkeypatch.delenv("HOLD_SECONDS", raising=False)
    with pytest.raises(KeyError, match="HOLD_SECONDS"):
        settings.read(orders.ApiSettings)
    for name, value in (("HOLD_SECONDS", "900"), ("REPEAT_HOLD_SECONDS", "120"), ("MAX_UNPAID_UNITS", "20")):
        monkeypatch.setenv(name, value)
    assert settings.read(orders.ApiSettings) == orders.ApiSettings("orders", 900, 120, 20)
