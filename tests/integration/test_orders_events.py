"""Orders through its event doors: each event twice, and out of order."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from orders.model import Order
from orders.repository import Contended, OrderTable
from tiketz_common import clock, retry

from tests.support.doors import Context, deliver, message
from tests.support.samples import payment, ticket

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def shop(orders: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An orders service at noon that knows of three units of t1, one of them held by ann."""
    at(NOON, monkeypatch)
    orders.tell(message("TicketCreated", ticket(quantity=3)))
    orders.placed = orders.call("POST", "/api/orders", {"ticketId": "t1"}, user="ann").json
    return orders


def at(time: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: time)


def state(shop: SimpleNamespace) -> tuple[str, int, int, int]:
    row = shop.row("TICKET#t1")
    return shop.row(f"ORDER#{shop.placed['id']}")["status"], row["available"], row["held"], row["sold"]


def twice(shop: SimpleNamespace, kind: str, data: dict[str, Any]) -> None:
    for _ in range(2):
        assert shop.tell(message(kind, data)) == []


def elapsed(shop: SimpleNamespace) -> dict[str, Any]:
    return {"orderId": shop.placed["id"], "expiresAt": shop.placed["expiresAt"]}


def test_an_authorised_payment_completes_the_order_once(shop: SimpleNamespace) -> None:
    twice(shop, "PaymentAuthorized", payment(shop.placed))
    assert state(shop) == ("completed", 2, 0, 1)


@pytest.mark.parametrize("wrong", [{"amount": 1}, {"currency": "usd"}])
def test_another_amount_ends_the_order_unsold(shop: SimpleNamespace, wrong: dict[str, Any]) -> None:
    twice(shop, "PaymentAuthorized", payment(shop.placed, **wrong))
    assert state(shop) == ("cancelled", 3, 0, 0)
    assert shop.row(f"ORDER#{shop.placed['id']}")["reason"] == "amount"


def test_an_unpaid_order_expires_once_its_time_is_over(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("pending", 2, 1, 0)
    at(NOON + timedelta(minutes=15), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("expired", 3, 0, 0)


def test_a_paid_order_never_expires(shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.tell(message("PaymentAuthorized", payment(shop.placed)))
    at(NOON + timedelta(hours=1), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("completed", 2, 0, 1)


def test_money_that_comes_after_expiry_buys_nothing(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOON + timedelta(hours=1), monkeypatch)
    shop.tell(message("HoldElapsed", elapsed(shop)))
    twice(shop, "PaymentAuthorized", payment(shop.placed))
    assert state(shop) == ("expired", 3, 0, 0)


def test_the_timer_of_a_shorter_hold_changes_nothing(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOON + timedelta(minutes=14), monkeypatch)
    shop.call("POST", f"/api/orders/{shop.placed['id']}/extend", user="ann")
    at(NOON + timedelta(minutes=16), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("pending", 2, 1, 0)


def test_the_sweeper_finds_what_a_timer_missed(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeper = shop.door("sweeper")
    sweeper.handler({"id": "tick"}, Context())
    assert state(shop) == ("pending", 2, 1, 0)
    at(NOON + timedelta(minutes=15), monkeypatch)
    sweeper.handler({"id": "tick"}, Context())
    assert state(shop) == ("expired", 3, 0, 0)


def test_an_order_that_cannot_be_swept_now_holds_up_no_other(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = shop.call("POST", "/api/orders", {"ticketId": "t1"}, user="bob").json
    stuck, free = sorted([shop.placed, other], key=lambda order: str(order["id"][-1]))
    save = OrderTable.save

    def contended(table: OrderTable, before: Order, *rest: Any) -> None:
        if before.id == stuck["id"]:
            raise Contended
        save(table, before, *rest)

    monkeypatch.setattr(OrderTable, "save", contended)
    monkeypatch.setattr(retry, "attempts", lambda: range(2))
    at(NOON + timedelta(minutes=15), monkeypatch)
    shop.door("sweeper").handler({"id": "tick"}, Context())
    statuses = [shop.row(f"ORDER#{each['id']}")["status"] for each in (stuck, free)]
    assert statuses == ["pending", "expired"]


def test_a_payment_that_can_never_be_made_frees_the_ticket(shop: SimpleNamespace) -> None:
    shop.tell(message("PaymentAuthorized", payment(shop.placed)))
    twice(shop, "PaymentFailed", payment(shop.placed, status="failed"))
    assert state(shop) == ("cancelled", 3, 0, 0)


def test_a_refund_puts_the_ticket_back_on_sale(shop: SimpleNamespace) -> None:
    twice(shop, "PaymentRefunded", payment(shop.placed, status="refunded"))
    assert state(shop) == ("pending", 2, 1, 0)
    shop.tell(message("PaymentAuthorized", payment(shop.placed)))
    twice(shop, "PaymentRefunded", payment(shop.placed, status="refunded"))
    assert state(shop) == ("refunded", 3, 0, 0)


def test_an_edit_changes_neither_a_placed_order_nor_its_price(shop: SimpleNamespace) -> None:
    twice(shop, "TicketUpdated", ticket(quantity=5, price=9_900, version=2))
    assert state(shop) == ("pending", 4, 1, 0)
    shop.tell(message("PaymentAuthorized", payment(shop.placed)))
    assert state(shop) == ("completed", 4, 0, 1)


def test_an_older_edit_changes_nothing(shop: SimpleNamespace) -> None:
    twice(shop, "TicketUpdated", ticket(quantity=5, version=3))
    twice(shop, "TicketUpdated", ticket(quantity=9, version=2))
    twice(shop, "TicketCreated", ticket(quantity=3, version=1))
    assert state(shop) == ("pending", 4, 1, 0)


def test_a_withdrawal_heard_before_the_listing_stands(orders: SimpleNamespace) -> None:
    orders.tell(message("TicketWithdrawn", ticket(status="withdrawn", version=2)))
    orders.tell(message("TicketCreated", ticket()))
    assert orders.row("TICKET#t1")["listed"] is False


def test_a_standing_order_outlives_the_withdrawal(shop: SimpleNamespace) -> None:
    shop.tell(message("TicketWithdrawn", ticket(quantity=3, status="withdrawn", version=2)))
    shop.tell(message("PaymentAuthorized", payment(shop.placed)))
    assert state(shop) == ("completed", 2, 0, 1)


def test_an_order_nobody_placed_is_acknowledged(orders: SimpleNamespace) -> None:
    nobody = {
        "id": "none",
        "userId": "ann",
        "total": 1,
        "currency": "eur",
        "createdAt": "2026-07-01T12:00:00Z",
    }
    for kind in ("PaymentAuthorized", "PaymentFailed", "PaymentRefunded"):
        assert orders.tell(message(kind, payment(nobody))) == []
    assert orders.tell(message("HoldElapsed", {"orderId": "none", "expiresAt": "2026-07-01T12:00:00Z"})) == []


def test_only_the_bad_message_comes_again(shop: SimpleNamespace) -> None:
    good, bad = message("PaymentAuthorized", payment(shop.placed)), message("PaymentAuthorized", {})
    assert shop.tell(bad, good) == [bad["messageId"]]
    assert state(shop)[0] == "completed"


def test_a_bad_message_that_cannot_be_put_back_drags_no_other_along(shop: SimpleNamespace) -> None:
    good, bad = message("PaymentAuthorized", payment(shop.placed)), message("PaymentAuthorized", {})
    handler = shop.door("consumer").handler  # the queue does not know these messages' receipts
    assert deliver(handler, bad, good) == [bad["messageId"]]
    assert state(shop)[0] == "completed"
