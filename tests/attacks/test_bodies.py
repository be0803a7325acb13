"""Fields that a client may not set, and requests from other sites: every body, every unsafe route."""

from typing import Any

import pytest

from tests.attacks.users import DOCUMENT, ROUTES, UNSAFE, Users

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
WITH_BODY = [route for route, operation in ROUTES.items() if "requestBody" in operation]
FORBIDDEN_FIELDS = {
    "isAdmin",
    "role",
    "__proto__",
    "pk",
    "sk",
    "event",
    "inventoryVersion",
    "user_id",
    "ticket_id",
}
WEBHOOK = "POST /api/payments/webhook"


def request_fields(route: str) -> set[str]:
    reference = ROUTES[route]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(SCHEMAS[reference.rpartition("/")[2]]["properties"])


def known_fields() -> set[str]:
    """Every field of any request or response."""
    return {field for schema in SCHEMAS.values() for field in schema.get("properties", {})}


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_body_with_a_foreign_field_is_refused(users: Users, route: str) -> None:
    resource_id = users.owned(route)
    body = users.body(route)
    assert body is not None
    foreign = (known_fields() | FORBIDDEN_FIELDS) - request_fields(route)
    assert len(foreign) > 20
    for field in sorted(foreign):
        response = users.send(route, "ann", resource_id, {**body, field: "eve"})
        assert response.status_code == 400, f"{field}: {response.text}"
        assert field in {each.get("field") for each in response.json()["errors"]}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize("route", UNSAFE)
def test_an_unsafe_request_from_another_site_is_refused(
    users: Users, route: str, headers: dict[str, str]
) -> None:
    response = users.send(route, "ann", "some-id", {"any": "body"}, **headers)
    assert response.status_code == 403, response.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("route", [route for route in UNSAFE if route != WEBHOOK])
def test_content_types_of_html_forms_are_refused(users: Users, route: str, kind: str) -> None:
    response = users.send(route, "ann", "some-id", {"any": "body"}, content_type=kind)
    assert response.status_code == 415, response.text
