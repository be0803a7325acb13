"""Another person's things: every documented route, asked by nobody, by somebody else and by the owner."""

import pytest

from tests.attacks.strangers import ROUTES, Strangers

ANYBODY, THEIR_OWN, HIDDEN, FORBIDDEN = "anybody's", "each their own", "404", "403"
RULES = {
    "GET /api/health": ANYBODY,
    "GET /api/tickets": ANYBODY,
    "GET /api/tickets/{id}": ANYBODY,
    "GET /api/users/currentuser": ANYBODY,
    "GET /api/users/jwks.json": ANYBODY,
    "POST /api/users/signup": ANYBODY,
    "POST /api/users/signin": ANYBODY,
    "POST /api/users/signout": ANYBODY,
    "POST /api/payments/webhook": ANYBODY,  # whoever can sign: tests/integration/test_payments_webhook.py
    "POST /api/users/refresh": THEIR_OWN,
    "DELETE /api/users/me": THEIR_OWN,
    "POST /api/tickets": THEIR_OWN,
    "GET /api/tickets/mine": THEIR_OWN,
    "POST /api/orders": THEIR_OWN,
    "GET /api/orders": THEIR_OWN,
    "GET /api/orders/{id}": HIDDEN,
    "DELETE /api/orders/{id}": HIDDEN,
    "POST /api/orders/{id}/extend": HIDDEN,
    "POST /api/payments": HIDDEN,
    "GET /api/payments/{id}": HIDDEN,
    "PUT /api/tickets/{id}": FORBIDDEN,
    "DELETE /api/tickets/{id}": FORBIDDEN,
}
OWNED = [route for route, rule in RULES.items() if rule in (HIDDEN, FORBIDDEN)]
BY_REFRESH = "POST /api/users/refresh"  # by another cookie: tests/integration/test_auth_sessions.py


def test_every_route_says_whose_it_is() -> None:
    assert RULES.keys() == ROUTES.keys()


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if rule != ANYBODY])
def test_nobody_is_turned_away(strangers: Strangers, route: str) -> None:
    id = strangers.owned(route) if "{id}" in route else ""
    answer = strangers.send(route, None, id, strangers.body(route))
    assert answer.status_code == 401, answer.text


@pytest.mark.parametrize("route", OWNED)
def test_somebody_else_gets_nowhere(strangers: Strangers, route: str) -> None:
    id, body = strangers.owned(route) if "{id}" in route else "", strangers.body(route)
    refused = strangers.send(route, "eve", id, body)
    assert refused.status_code == int(RULES[route]), refused.text
    allowed = strangers.patiently(route, "ann", id, body)
    assert allowed.status_code in (200, 201, 204), f"for its owner it is gone: {allowed.text}"
    refused = strangers.send(route, "eve", id, body)
    assert refused.status_code == int(RULES[route]), refused.text
    assert "Marble Arcade" not in refused.text


@pytest.mark.parametrize("route", ["GET /api/orders", "GET /api/tickets/mine"])
def test_a_list_holds_ones_own(strangers: Strangers, route: str) -> None:
    id = strangers.order() if "orders" in route else strangers.ticket("ann")
    assert id in strangers.send(route, "ann").text
    assert strangers.send(route, "eve").json() == []


@pytest.mark.parametrize(
    "route", [each for each, rule in RULES.items() if rule == THEIR_OWN and each != BY_REFRESH]
)
def test_whoever_is_signed_in_may(strangers: Strangers, route: str) -> None:
    strangers.tokens["new"] = strangers.signed_up("new")
    answer = strangers.patiently(route, "new", body=strangers.body(route))
    assert answer.status_code in (200, 201, 204), answer.text
