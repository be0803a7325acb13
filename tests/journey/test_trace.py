"""One purchase's story, told by `make trace` from the world it was made in."""

import os
import re
import subprocess

import pytest

from local.process import EnvironmentProcess
from tests.support.templates import ROOT
from tests.support.users import User, eventually

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


def trace(world: EnvironmentProcess, order: str) -> "subprocess.CompletedProcess[str]":
    """Run `make trace` beside a world."""
    return subprocess.run(
        ["make", "--silent", "trace", f"ORDER={order}"],
        cwd=ROOT,
        env=os.environ | {"DATA": str(world.data)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def told(world: EnvironmentProcess, order: str) -> list[str]:
    """The story's lines without times, ids and details."""
    ran = trace(world, order)
    assert ran.returncode == 0, ran.stderr
    return [re.sub(r"\s+", " ", line.split(maxsplit=2)[2]) for line in ran.stdout.splitlines()]


def in_order(wanted: list[str], lines: list[str]) -> None:
    """Each wanted line begins a line of the story, one after the other."""
    rest = iter(lines)
    for each in wanted:
        assert any(line.startswith(each) for line in rest), f"{each!r} is missing or early in:\n" + "\n".join(
            lines
        )


def test_a_paid_purchase_is_told_in_the_order_it_happened(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    other = buyer.place_order(seller.list_ticket(title="Another evening"))
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")
    eventually(lambda: in_order(PAID, told(local_env, order["id"])))
    story = "\n".join(told(local_env, order["id"]))
    assert "tickets/Consumer handled InventoryChanged" in story
    assert other["id"][:8] not in story
    assert "_secret_" not in story


def test_the_timer_carries_on_the_id_of_the_request_that_began_it(
    short_hold_env: EnvironmentProcess,
) -> None:
    order = _expired(short_hold_env)
    if len(_ids(short_hold_env, order)) > 1:
        # The sweeper came in the second or two that its timer took; it comes once a minute, so not again now.
        order = _expired(short_hold_env)
    eventually(
        lambda: in_order(
            ["bus HoldElapsed", "orders/Consumer handled HoldElapsed", "bus OrderExpired"],
            told(short_hold_env, order),
        )
    )
    assert len(_ids(short_hold_env, order)) == 1


def _ids(world: EnvironmentProcess, order: str) -> set[str]:
    """The correlation ids that the order's story is told under."""
    return {line.split()[1] for line in trace(world, order).stdout.splitlines()}


def _expired(world: EnvironmentProcess) -> str:
    """The id of a new order that nobody paid for, once its end has been told."""
    seller, buyer = User(world.url, signed_up=True), User(world.url, signed_up=True)
    order: str = buyer.place_order(seller.list_ticket())["id"]
    buyer.wait_for(f"/api/orders/{order}", status="expired")
    eventually(lambda: in_order(["tickets/Consumer handled InventoryChanged"] * 2, told(world, order)))
    return order


@pytest.mark.parametrize("order", ["", "no-such-order"])
def test_an_order_that_nobody_knows_has_no_story(local_env: EnvironmentProcess, order: str) -> None:
    ran = trace(local_env, order)
    assert ran.returncode != 0
    assert "no order" if order else "ORDER is missing" in ran.stderr
