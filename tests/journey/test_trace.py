"""`make trace` prints everything that happened to an order, in order."""

import os
import subprocess

import pytest
import requests

from local.process import EnvironmentProcess
from tests.support.templates import ROOT
from tests.support.users import User, eventually
from tools.trace import Line, trace

PAID = [
    "orders/Api answered POST /api/orders with 201",
    "bus OrderCreated",
    "payments/Consumer handled OrderCreated",
    "payments/Api answered POST /api/payments with 201",
    "payments/Webhook answered POST /api/payments/webhook with 200",
    "bus PaymentAuthorized",
    "orders/Consumer handled PaymentAuthorized",
    "bus OrderCompleted",
    "payments/Consumer handled OrderCompleted",
]
EXPIRED = ["bus HoldElapsed", "orders/Consumer handled HoldElapsed", "bus OrderExpired"]


def make_trace(environment: EnvironmentProcess, order: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", "--silent", "trace", f"ORDER={order}"],
        cwd=ROOT,
        env=os.environ | {"DATA": str(environment.data)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def traced(environment: EnvironmentProcess, order: str) -> list[Line]:
    events = requests.get(f"{environment.url}/_local/events", timeout=30).json()
    return trace(order, events, environment.data / "logs")


def assert_in_order(expected: list[str], lines: list[Line]) -> None:
    """Asserts that the lines begin with the expected texts, one after the other."""
    texts = [f"{line.source} {line.text}" for line in lines]
    rest = iter(texts)
    for each in expected:
        assert any(text.startswith(each) for text in rest), f"{each!r} is missing or early in {texts}"


def test_a_paid_order_is_traced_from_request_to_completion(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    other = buyer.place_order(seller.list_ticket(title="Another evening"))
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")
    eventually(lambda: assert_in_order(PAID, traced(local_env, order["id"])))
    process = make_trace(local_env, order["id"])
    assert process.returncode == 0, process.stderr
    assert "tickets/Consumer" in process.stdout
    assert other["id"][:8] not in process.stdout
    assert "_secret_" not in process.stdout


def test_an_expiry_has_the_correlation_id_of_the_order_request(short_hold_env: EnvironmentProcess) -> None:
    lines = expired_lines(short_hold_env)
    if len({line.correlation for line in lines}) > 1:
        # The sweeper expired it in the second or two that its timer took; it runs once a minute, so not now.
        lines = expired_lines(short_hold_env)
    assert_in_order(EXPIRED, lines)
    assert len({line.correlation for line in lines}) == 1


def expired_lines(environment: EnvironmentProcess) -> list[Line]:
    """The trace of a new order that nobody paid, once its expiry has reached every service."""
    seller, buyer = User(environment.url, signed_up=True), User(environment.url, signed_up=True)
    order = buyer.place_order(seller.list_ticket())["id"]
    buyer.wait_for(f"/api/orders/{order}", status="expired")
    inventory_changes = ["tickets/Consumer handled InventoryChanged"] * 2
    eventually(lambda: assert_in_order(inventory_changes, traced(environment, order)))
    return traced(environment, order)


@pytest.mark.parametrize(
    ("order", "message"), [("", "ORDER is missing"), ("no-such-order", "knows no order 'no-such-order'")]
)
def test_an_unknown_order_is_an_error(local_env: EnvironmentProcess, order: str, message: str) -> None:
    process = make_trace(local_env, order)
    assert process.returncode != 0
    assert message in process.stderr
