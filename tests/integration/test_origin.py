"""Requests that did not come through CloudFront, HEAD, and what may be kept of responses."""

from types import ModuleType
from typing import Any

import pytest

from tests.factories import ticket_data
from tests.support.auth_service import AuthService
from tests.support.handlers import HttpResponse, send_request, sqs_record
from tests.support.payments_service import PaymentsService
from tests.support.service import Service
from tests.support.tickets_service import TicketsService

REQUIRED = {
    "ORIGIN_SECRET": "current",
    "PREVIOUS_ORIGIN_SECRET": "previous",
    "ORIGIN_SECRET_REQUIRED": "true",
}
HANDLERS = {
    "auth.api": ("GET", "/api/health", 200),
    "tickets.api": ("GET", "/api/tickets", 200),
    "orders.api": ("GET", "/api/orders", 200),
    "payments.api": ("GET", "/api/payments/o1", 404),
    "payments.webhook": ("POST", "/api/payments/webhook", 400),  # it has no signature
}


@pytest.fixture(params=HANDLERS)
def name(request: pytest.FixtureRequest) -> str:
    """A function behind CloudFront."""
    return str(request.param)


@pytest.fixture
def service(name: str, aws: None, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The function's service, which requires the origin secret."""
    made: dict[str, Any] = {"auth": AuthService, "tickets": TicketsService, "payments": PaymentsService}
    kind = name.partition(".")[0]
    service: Service = (
        made[kind](monkeypatch) if kind in made else Service(kind, monkeypatch, HOLD_SECONDS="900")
    )
    service.env |= REQUIRED
    return service


@pytest.fixture
def function(name: str, service: Service) -> ModuleType:
    """The function's module."""
    return service.function(name.partition(".")[2])


def send(function: ModuleType, name: str, secret: str | None) -> HttpResponse:
    method, path, _ = HANDLERS[name]
    headers = {"x-origin-secret": secret} if secret is not None else {}
    return send_request(function.handler, method, path, user="ann", headers=headers)


@pytest.mark.parametrize("secret", [None, "", "guessed", "é", "\udcc3", "current\n", "currentprevious"])
def test_a_request_without_the_secret_is_refused(function: ModuleType, name: str, secret: str | None) -> None:
    response = send(function, name, secret)
    assert (response.status, response.json["code"]) == (403, "not_through_site")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("secret", ["current", "previous"])
def test_the_secret_and_the_one_before_are_accepted(function: ModuleType, name: str, secret: str) -> None:
    assert send(function, name, secret).status == HANDLERS[name][2]


def test_the_secret_is_not_required_before_cloudfront_sends_it(service: Service, name: str) -> None:
    service.env |= {"ORIGIN_SECRET_REQUIRED": "false"}
    function = service.function(name.partition(".")[2])
    for secret in (None, "é", "current"):
        assert send(function, name, secret).status == HANDLERS[name][2]


def test_a_required_secret_that_is_not_set_refuses_all(service: Service, name: str) -> None:
    service.env |= {"ORIGIN_SECRET": "", "PREVIOUS_ORIGIN_SECRET": ""}
    function = service.function(name.partition(".")[2])
    assert [send(function, name, secret).status for secret in (None, "")] == [403, 403]


# ---------------------------------------------------------------- HEAD


@pytest.fixture
def orders(aws: None, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The orders service with one order of Ann's."""
    orders = Service("orders", monkeypatch, HOLD_SECONDS="900")
    assert orders.consume(sqs_record("TicketCreated", ticket_data())) == []
    return orders


def test_head_is_get_without_its_content(orders: Service) -> None:
    for path, user in (("/api/orders", "ann"), ("/api/orders", None), ("/api/nothing", None)):
        get, head = (orders.request(method, path, user=user) for method in ("GET", "HEAD"))
        assert (head.status, head.text) == (get.status, "")
        assert {**head.headers, "x-correlation-id": ""} == {**get.headers, "x-correlation-id": ""}


def test_allow_names_head_where_get_works(orders: Service) -> None:
    assert orders.request("PUT", "/api/orders", {}).headers["allow"] == "GET, HEAD, POST"
    assert orders.request("GET", "/api/orders/o1/extend").headers["allow"] == "POST"


# ---------------------------------------------------------------- what may be kept


def test_what_is_personal_is_not_kept(aws: None, monkeypatch: pytest.MonkeyPatch, orders: Service) -> None:
    answers = [
        orders.request("GET", "/api/orders", user="ann"),
        orders.request("GET", "/api/orders/o1", user="ann"),
        orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="ann"),
        orders.request("GET", "/api/nothing"),
    ]
    assert {each.headers["cache-control"] for each in answers} == {"no-store"}
    payments = PaymentsService(monkeypatch)
    payments.consume_order("OrderCreated")
    for answer in (payments.pay(), payments.show(), payments.show(user="eve")):
        assert answer.headers["cache-control"] == "no-store"
    browser = AuthService(monkeypatch).browser()
    signed_in = [browser.sign_up(), browser.send("GET", "currentuser"), browser.refresh(), browser.sign_out()]
    assert {each.headers["cache-control"] for each in signed_in} == {"no-store"}
