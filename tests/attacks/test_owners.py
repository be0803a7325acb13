"""Ownership: every documented route, requested without a session, by another user and by the owner."""

import pytest

from tests.attacks.users import ROUTES, Users

PUBLIC, SIGNED_IN, HIDDEN, FORBIDDEN = "public", "signed in", "404", "403"
RULES = {
    "GET /api/health": PUBLIC,
    "GET /api/tickets": PUBLIC,
    "GET /api/tickets/{id}": PUBLIC,
    "GET /api/users/currentuser": PUBLIC,
    "GET /api/users/jwks.json": PUBLIC,
    "POST /api/users/signup": PUBLIC,
    "POST /api/users/signin": PUBLIC,
    "POST /api/users/signout": PUBLIC,
    "POST /api/users/forgot": PUBLIC,
    "POST /api/users/reset": PUBLIC,  # by its token: tests/integration/test_auth_recovery.py
    "POST /api/users/verify": PUBLIC,
    "POST /api/users/me/email/confirm": SIGNED_IN,
    "POST /api/users/verification": SIGNED_IN,
    "PUT /api/users/me/email": SIGNED_IN,
    "PUT /api/users/me/password": SIGNED_IN,
    "GET /api/users/me": SIGNED_IN,
    "GET /api/users/me/sessions": SIGNED_IN,
    "DELETE /api/users/me/sessions": SIGNED_IN,
    "POST /api/payments/webhook": PUBLIC,  # by its signature: tests/integration/test_payments_webhook.py
    "POST /api/users/refresh": SIGNED_IN,
    "DELETE /api/users/me": SIGNED_IN,
    "POST /api/tickets": SIGNED_IN,
    "GET /api/tickets/mine": SIGNED_IN,
    "POST /api/orders": SIGNED_IN,
    "GET /api/orders": SIGNED_IN,
    "GET /api/orders/{id}": HIDDEN,
    "DELETE /api/orders/{id}": HIDDEN,
    "POST /api/orders/{id}/extend": HIDDEN,
    "POST /api/payments": HIDDEN,
    "GET /api/payments/{id}": HIDDEN,
    "PUT /api/tickets/{id}": FORBIDDEN,
    "DELETE /api/tickets/{id}": FORBIDDEN,
}
OWNED = [route for route, rule in RULES.items() if rule in (HIDDEN, FORBIDDEN)]
BY_A_SECRET = (  # tests/integration/test_auth_sessions.py and test_auth_recovery.py
    "POST /api/users/refresh",
    "POST /api/users/me/email/confirm",
)


def test_every_documented_route_has_a_rule() -> None:
    assert RULES.keys() == ROUTES.keys()


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if rule != PUBLIC])
def test_a_request_without_a_session_is_refused(users: Users, route: str) -> None:
    response = users.send(route, None, users.owned(route), users.body(route))
    assert response.status_code == 401, response.text


@pytest.mark.parametrize("route", OWNED)
def test_another_user_is_refused_and_the_owner_is_not(users: Users, route: str) -> None:
    resource_id, body = users.owned(route), users.body(route)
    refused = users.send(route, "eve", resource_id, body)
    assert refused.status_code == int(RULES[route]), refused.text
    allowed = users.send_with_retry(route, "ann", resource_id, body)
    assert allowed.status_code in (200, 201, 204), f"refused to its owner: {allowed.text}"
    refused = users.send(route, "eve", resource_id, body)
    assert refused.status_code == int(RULES[route]), refused.text
    assert "Marble Arcade" not in refused.text


@pytest.mark.parametrize("route", ["GET /api/orders", "GET /api/tickets/mine"])
def test_a_list_has_only_the_users_own(users: Users, route: str) -> None:
    resource_id = users.order() if "orders" in route else users.ticket("ann")
    assert resource_id in users.send(route, "ann").text
    assert users.send(route, "eve").json() == []


@pytest.mark.parametrize(
    "route", [each for each, rule in RULES.items() if rule == SIGNED_IN and each not in BY_A_SECRET]
)
def test_a_signed_in_user_is_not_refused(users: Users, route: str) -> None:
    users.tokens["new"] = users.sign_up("new")
    response = users.send_with_retry(route, "new", body=users.body(route))
    assert response.status_code in (200, 201, 202, 204), response.text
