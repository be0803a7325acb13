"""The routes in the templates, in the code and in the OpenAPI document are the same."""

import json
from enum import StrEnum
from typing import Any

import openapi_spec_validator
import orders.model
import payments.model
import pytest
import tickets.model

from tests.support.templates import ROOT, service_template
from tools import openapi
from tools.openapi_parts import ANY_ROUTE

Routes = set[tuple[str, str]]
API_SERVICES = ("auth", "tickets", "orders", "payments")


def in_template(service: str) -> dict[tuple[str, str], bool]:
    """The template's routes, each with whether the gateway asks the authorizer who is there."""
    resources: dict[str, Any] = service_template(service)["Resources"]
    default = resources["HttpApi"].get("Properties", {}).get("Auth", {}).get("DefaultAuthorizer", "NONE")
    events = [
        event["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Serverless::Function"
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    return {
        (each["Method"].upper(), each["Path"]): each.get("Auth", {}).get("Authorizer", default) != "NONE"
        for each in events
        if each.get("Path", "$default") != "$default"
    }


def without_head(routes: dict[tuple[str, str], bool]) -> dict[tuple[str, str], bool]:
    """The routes that the code and the document list: HEAD is handled as GET."""
    return {route: authorized for route, authorized in routes.items() if route[0] != "HEAD"}


def in_code(service: str) -> dict[tuple[str, str], bool]:
    """The code's routes, each with whether it wants somebody signed in."""
    return {
        (route.method, route.path): openapi.inputs(route).signed_in
        for name, api in openapi.apis().items()
        if name.startswith(f"{service}.")
        for route in api.routes
    }


@pytest.mark.parametrize("service", API_SERVICES)
def test_the_template_lists_exactly_the_codes_routes(service: str) -> None:
    assert without_head(in_template(service)).keys() == in_code(service).keys()


@pytest.mark.parametrize("service", API_SERVICES)
def test_the_template_lists_head_beside_get_with_its_authorizer(service: str) -> None:
    routes = in_template(service)
    heads = {path: authorized for (method, path), authorized in routes.items() if method == "HEAD"}
    assert heads == {path: authorized for (method, path), authorized in routes.items() if method == "GET"}
    assert heads


@pytest.mark.parametrize("service", ["tickets", "orders", "payments"])
def test_the_authorizer_is_used_where_the_code_needs_a_user(service: str) -> None:
    assert without_head(in_template(service)) == in_code(service)


@pytest.mark.parametrize("service", API_SERVICES)
def test_every_api_has_a_default_route(service: str) -> None:
    events = service_template(service)["Resources"]["Api"]["Properties"]["Events"].values()
    defaults = [each["Properties"] for each in events if each["Properties"].get("Path") in (None, "$default")]
    assert len(defaults) == 1
    if service != "auth":
        assert defaults[0]["Auth"]["Authorizer"] == "NONE"


def test_the_document_lists_every_route() -> None:
    listed = {
        (method.upper(), path)
        for path, operations in json.loads((ROOT / "docs/openapi.json").read_text())["paths"].items()
        for method in operations
    }
    routes = {route for service in API_SERVICES for route in in_code(service)}
    assert listed == routes | {("GET", "/api/openapi.json")}


def test_the_document_is_openapi_3_1() -> None:
    document = openapi.document()
    assert document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(document)


def test_the_document_lists_every_routes_errors() -> None:
    for path, operations in openapi.document()["paths"].items():
        for method, operation in operations.items():
            assert {str(each) for each in ANY_ROUTE} <= set(operation["responses"]), (method, path)


@pytest.mark.parametrize(
    ("schema", "status"),
    [
        ("Ticket", tickets.model.Status),
        ("Order", orders.model.Status),
        ("Payment", payments.model.Status),
    ],
)
def test_the_document_names_every_status_and_currency(schema: str, status: type[StrEnum]) -> None:
    fields = openapi.document()["components"]["schemas"][schema]["properties"]
    assert fields["status"]["enum"] == list(status)
    assert fields["currency"]["enum"] == ["eur", "usd", "gbp"]


def test_the_committed_documents_match_the_code() -> None:
    for path, text in openapi.files().items():
        assert path.read_text() == text, f"{path.name} is stale: run `make openapi`"
