"""The world is killed in the middle of a purchase and started again: the order ends, one way or the other."""

import time
from collections.abc import Iterator

import pytest
import requests

from local.process import EnvironmentProcess, running_environment
from tests.support.users import User

HOLD_SECONDS = 20


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnvironmentProcess]:
    """A world that is killed without warning, and comes back at the same address."""
    with running_environment(
        hold_seconds=HOLD_SECONDS, data=tmp_path_factory.mktemp("fragile") / "world"
    ) as world:
        yield world


def cut_power(world: EnvironmentProcess, people: list[User]) -> None:
    world.kill()
    world.start()
    for person in people:
        person.url = world.url


def test_every_order_ends_when_the_world_dies_in_the_middle_of_it(fragile: EnvironmentProcess) -> None:
    seller, *buyers, paid_before = (User(fragile.url, signed_up=True) for _ in range(5))
    bought = paid_before.place_order(seller.list_ticket())
    paid_before.pay(bought)
    paid_before.wait_for(f"/api/orders/{bought['id']}", status="completed")
    tickets = [seller.list_ticket() for _ in buyers]
    orders = [buyer.place_order(ticket) for buyer, ticket in zip(buyers, tickets, strict=True)]
    only_ordered, asks_to_pay, pays = buyers
    asks_to_pay.start_payment(orders[1])
    pays.pay(orders[2])
    cut_power(fragile, [seller, *buyers, paid_before])
    for buyer, ticket, order in zip(buyers, tickets, orders, strict=True):
        ended = _end_of(buyer, order["id"])
        if ended == "completed":
            assert buyer is pays
            buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
            buyer.wait_for(f"/api/tickets/{ticket['id']}", status="sold")
        else:
            assert ended == "expired"
            if buyer is not only_ordered:
                buyer.wait_for(f"/api/payments/{order['id']}", status="voided")
            buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available", available=1)
    paid_before.wait_for(f"/api/orders/{bought['id']}", status="completed")
    paid_before.wait_for(f"/api/payments/{bought['id']}", status="captured")


def test_a_purchase_goes_on_after_the_cut(fragile: EnvironmentProcess) -> None:
    seller, buyer = (User(fragile.url, signed_up=True) for _ in range(2))
    order = buyer.place_order(seller.list_ticket())
    payment = buyer.start_payment(order)
    cut_power(fragile, [seller, buyer])
    answer = buyer.confirm_payment(payment)
    assert answer.status_code == 200, answer.text
    assert _end_of(buyer, order["id"]) in ("completed", "expired")


def _end_of(buyer: User, order_id: str) -> str:
    """How the order ended. Raises AssertionError if it is stuck long past its time."""
    deadline = time.monotonic() + HOLD_SECONDS + 30
    while time.monotonic() < deadline:
        try:
            status = str(buyer.send("GET", f"/api/orders/{order_id}").json()["status"])
        except requests.ConnectionError:
            status = "pending"
        if status != "pending":
            return status
        time.sleep(0.2)
    raise AssertionError(f"order {order_id} is still pending")
