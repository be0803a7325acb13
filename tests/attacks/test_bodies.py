"""Fields that are nobody's to set, and requests from other people's pages: every body, every unsafe route."""

from typing import Any

import pytest

from tests.attacks.strangers import DOCUMENT, ROUTES, UNSAFE, Strangers

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
    """Every field of anything, asked for or answered."""
    return {field for schema in SCHEMAS.values() for field in schema.get("properties", {})}


@pytest.mark.parametrize("route", WITH_BODY)
def test_no_body_sets_what_is_not_its_senders(strangers: Strangers, route: str) -> None:
    id = strangers.owned(route) if "{id}" in route else ""
    body = strangers.body(route)
    assert body is not None
    foreign = (known_fields() | FORBIDDEN_FIELDS) - request_fields(route)
    assert len(foreign) > 20
    for field in sorted(foreign):
        answer = strangers.send(route, "ann", id, {**body, field: "eve"})
        assert answer.status_code == 400, f"{field}: {answer.text}"
        assert field in {each.get("field") for each in answer.json()["errors"]}


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
def test_another_site_acts_for_nobody(strangers: Strangers, route: str, headers: dict[str, str]) -> None:
    id = "some-id" if "{id}" in route else ""
    answer = strangers.send(route, "ann", id, {"any": "body"}, **headers)
    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("route", [route for route in UNSAFE if route != WEBHOOK])
def test_what_a_form_can_send_is_refused(strangers: Strangers, route: str, kind: str) -> None:
    id = "some-id" if "{id}" in route else ""
    answer = strangers.send(route, "ann", id, {"any": "body"}, content_type=kind)
    assert answer.status_code == 415, answer.text
