"""The local environment is killed in the middle of purchases and started again: every order ends."""

import time
from collections.abc import Iterator

import pytest
import requests

from local.process import EnvironmentProcess, running_environment
from tests.support.users import User

HOLD_SECONDS = 12
RESTART_SECONDS = 30


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnvironmentProcess]:
    """An environment that is killed without warning and restarts at the same address."""
    data = tmp_path_factory.mktemp("restart") / "data"
    with running_environment(hold_seconds=HOLD_SECONDS, data=data) as environment:
        yield environment


def restart(environment: EnvironmentProcess, users: list[User]) -> None:
    environment.kill()
    environment.start()
    for user in users:
        user.url = environment.url


def test_every_order_ends_after_a_restart(environment: EnvironmentProcess) -> None:
    seller, ordering, opening, paying, paid = (User(environment.url, signed_up=True) for _ in range(5))
    bought = paid.place_order(seller.list_ticket())
    paid.pay(bought)
    paid.wait_for(f"/api/orders/{bought['id']}", status="completed")
    buyers = [ordering, opening, paying]
    tickets = [seller.list_ticket() for _ in buyers]
    orders = [buyer.place_order(ticket) for buyer, ticket in zip(buyers, tickets, strict=True)]
    opening.start_payment(orders[1])
    paying.pay(orders[2])
    restart(environment, [seller, *buyers, paid])
    for buyer, ticket, order in zip(buyers, tickets, orders, strict=True):
        if final_status(buyer, order["id"]) == "completed":
            assert buyer is paying
            buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
            buyer.wait_for(f"/api/tickets/{ticket['id']}", status="sold")
        else:
            if buyer is not ordering:
                buyer.wait_for(f"/api/payments/{order['id']}", status="voided")
            buyer.wait_for(f"/api/orders/{order['id']}", status="expired")
            buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available", available=1)
    paid.wait_for(f"/api/orders/{bought['id']}", status="completed")
    paid.wait_for(f"/api/payments/{bought['id']}", status="captured")


def test_a_payment_can_be_confirmed_after_a_restart(environment: EnvironmentProcess) -> None:
    seller, buyer = (User(environment.url, signed_up=True) for _ in range(2))
    order = buyer.place_order(seller.list_ticket())
    payment = buyer.start_payment(order)
    restart(environment, [seller, buyer])
    response = buyer.confirm_payment(payment)
    assert response.status_code == 200, response.text
    assert final_status(buyer, order["id"]) in ("completed", "expired")


def final_status(buyer: User, order_id: str) -> str:
    """The status in which an order ends. Raises AssertionError where it stays pending."""
    deadline = time.monotonic() + HOLD_SECONDS + RESTART_SECONDS
    while time.monotonic() < deadline:
        try:
            status = str(buyer.send("GET", f"/api/orders/{order_id}").json()["status"])
        except requests.ConnectionError:
            status = "pending"
        if status != "pending":
            return status
        time.sleep(0.2)
    raise AssertionError(f"order {order_id} is still pending")
