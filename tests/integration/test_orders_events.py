"""Orders through its SQS consumer and scheduled job: each event twice, and out of order."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from orders.model import Order
from orders.repository import OrderTable
from tiketz_common import clock, retry
from tiketz_common.retry import Contended

from tests.factories import NOON, delivery_data, payment_data, ticket_data
from tests.support.handlers import LambdaContext, deliver_batch, sqs_record
from tests.support.service import Service


class Shop(Service):
    """An orders service with three units of t1 and the order `placed` for one of them."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch, **env: str) -> None:
        super().__init__(name, monkeypatch, **env)
        self.consume(sqs_record("TicketCreated", ticket_data(quantity=3)))
        self.placed = self.request("POST", "/api/orders", {"ticketId": "t1"}, user="ann").json


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, aws: None) -> Shop:
    """An orders service at noon with three units of t1, one of them held by ann."""
    at(NOON, monkeypatch)
    return Shop("orders", monkeypatch, HOLD_SECONDS="900")


def at(time: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: time)


def state(shop: Shop) -> tuple[str, int, int, int]:
    row = shop.row("TICKET#t1")
    return shop.row(f"ORDER#{shop.placed['id']}")["status"], row["available"], row["held"], row["sold"]


def twice(shop: Shop, kind: str, data: dict[str, Any]) -> None:
    for _ in range(2):
        assert shop.consume(sqs_record(kind, data)) == []


def elapsed(shop: Shop) -> dict[str, Any]:
    return {"orderId": shop.placed["id"], "expiresAt": shop.placed["expiresAt"]}


def test_an_authorised_payment_completes_the_order_once(shop: Shop) -> None:
    twice(shop, "PaymentAuthorized", payment_data(shop.placed))
    assert state(shop) == ("completed", 2, 0, 1)


@pytest.mark.parametrize("wrong", [{"amount": 1}, {"currency": "usd"}])
def test_another_amount_cancels_the_order(shop: Shop, wrong: dict[str, Any]) -> None:
    twice(shop, "PaymentAuthorized", payment_data(shop.placed, **wrong))
    assert state(shop) == ("cancelled", 3, 0, 0)
    assert shop.row(f"ORDER#{shop.placed['id']}")["reason"] == "amount"


def test_an_unpaid_order_expires_when_its_time_ends(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("pending", 2, 1, 0)
    at(NOON + timedelta(minutes=15), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("expired", 3, 0, 0)


def test_a_paid_order_never_expires(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    at(NOON + timedelta(hours=1), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("completed", 2, 0, 1)


def test_a_payment_after_expiry_does_not_complete_the_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOON + timedelta(hours=1), monkeypatch)
    shop.consume(sqs_record("HoldElapsed", elapsed(shop)))
    twice(shop, "PaymentAuthorized", payment_data(shop.placed))
    assert state(shop) == ("expired", 3, 0, 0)


def test_the_timer_of_a_shorter_hold_changes_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NOON + timedelta(minutes=14), monkeypatch)
    shop.request("POST", f"/api/orders/{shop.placed['id']}/extend", user="ann")
    at(NOON + timedelta(minutes=16), monkeypatch)
    twice(shop, "HoldElapsed", elapsed(shop))
    assert state(shop) == ("pending", 2, 1, 0)


def test_the_sweeper_finds_what_a_timer_missed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sweeper = shop.function("sweeper")
    sweeper.handler({"id": "tick"}, LambdaContext())
    assert state(shop) == ("pending", 2, 1, 0)
    at(NOON + timedelta(minutes=15), monkeypatch)
    sweeper.handler({"id": "tick"}, LambdaContext())
    assert state(shop) == ("expired", 3, 0, 0)


def test_a_contended_order_does_not_delay_the_sweep(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    other = shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="bob").json
    stuck, free = sorted([shop.placed, other], key=lambda order: str(order["id"][-1]))
    save = OrderTable.save

    def contended(table: OrderTable, before: Order, *rest: Any) -> None:
        if before.id == stuck["id"]:
            raise Contended
        save(table, before, *rest)

    monkeypatch.setattr(OrderTable, "save", contended)
    monkeypatch.setattr(retry, "attempts", lambda: range(2))
    at(NOON + timedelta(minutes=15), monkeypatch)
    shop.function("sweeper").handler({"id": "tick"}, LambdaContext())
    statuses = [shop.row(f"ORDER#{each['id']}")["status"] for each in (stuck, free)]
    assert statuses == ["pending", "expired"]


def test_a_failed_payment_frees_the_ticket(shop: Shop) -> None:
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    twice(shop, "PaymentFailed", payment_data(shop.placed, status="failed"))
    assert state(shop) == ("cancelled", 3, 0, 0)


def published(shop: Shop) -> tuple[str, str]:
    """The event that the order's row carries: its type and id."""
    event = shop.row(f"ORDER#{shop.placed['id']}")["event"]
    return event["type"], event["id"]


def test_a_repeated_payment_has_the_order_published_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Payments repeats what it has no answer to: the answer may be lost. But not what it has just sent."""
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    first = published(shop)
    at(NOON + timedelta(seconds=59), monkeypatch)
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    assert published(shop) == first
    at(NOON + timedelta(seconds=61), monkeypatch)
    twice(shop, "PaymentAuthorized", payment_data(shop.placed))
    kind, second = published(shop)
    assert (kind, first[0]) == ("OrderCompleted", "OrderCompleted")
    assert second != first[1]
    assert state(shop) == ("completed", 2, 0, 1)
    assert shop.row(f"ORDER#{shop.placed['id']}")["version"] == 2


def test_a_payment_for_an_ended_order_has_it_published_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.request("DELETE", f"/api/orders/{shop.placed['id']}", user="ann")
    first = published(shop)
    at(NOON + timedelta(minutes=2), monkeypatch)
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    assert published(shop)[0] == first[0] == "OrderCancelled"
    assert published(shop)[1] != first[1]


def test_a_refund_puts_the_ticket_back_on_sale(shop: Shop) -> None:
    twice(shop, "PaymentRefunded", payment_data(shop.placed, status="refunded"))
    assert state(shop) == ("pending", 2, 1, 0)
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    twice(shop, "PaymentRefunded", payment_data(shop.placed, status="refunded"))
    assert state(shop) == ("refunded", 3, 0, 0)


@pytest.fixture
def filed(monkeypatch: pytest.MonkeyPatch, aws: None) -> Shop:
    """The same shop, whose tickets are files; ann has paid."""
    at(NOON, monkeypatch)
    shop = Shop("orders", monkeypatch, HOLD_SECONDS="900")
    twice(shop, "TicketUpdated", ticket_data(quantity=3, version=2, delivery="file"))
    shop.placed = shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="bob").json
    twice(shop, "PaymentAuthorized", payment_data(shop.placed))
    return shop


def test_an_order_says_how_its_ticket_is_handed_over(filed: Shop) -> None:
    both = [*filed.request("GET", "/api/orders", user="ann").json, filed.placed]
    assert [order["delivery"] for order in both] == ["seller", "file"]


def test_a_refunded_file_is_for_sale_again_once_it_is_returned(filed: Shop) -> None:
    returned = delivery_data(orderId=filed.placed["id"], status="returned")
    assert state(filed) == ("completed", 1, 1, 1)  # the other is held by ann
    twice(filed, "UnitsReturned", returned)
    assert state(filed) == ("completed", 1, 1, 1)
    twice(filed, "PaymentRefunded", payment_data(filed.placed, status="refunded"))
    assert state(filed) == ("refunded", 1, 1, 1)
    twice(filed, "UnitsReturned", returned)
    assert state(filed) == ("refunded", 2, 1, 0)
    row = filed.row(f"ORDER#{filed.placed['id']}")
    assert (row["returned"], row["version"], row["event"]["type"]) == (True, 4, "OrderRefunded")


def test_an_undelivered_file_cancels_the_order_at_once(filed: Shop) -> None:
    twice(filed, "DeliveryFailed", delivery_data(orderId=filed.placed["id"], status="failed"))
    assert state(filed) == ("cancelled", 2, 1, 0)
    twice(filed, "UnitsReturned", delivery_data(orderId=filed.placed["id"], status="returned"))
    assert state(filed) == ("cancelled", 2, 1, 0)
    assert filed.row(f"ORDER#{filed.placed['id']}")["reason"] == "undelivered"


def test_a_listing_without_its_files_cannot_be_ordered(shop: Shop) -> None:
    draft = ticket_data(quantity=4, version=2, delivery="file", status="draft")
    twice(shop, "TicketUpdated", draft)
    refusal = shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="bob")
    assert (refusal.status, refusal.json["code"]) == (409, "ticket_incomplete")
    twice(shop, "TicketUpdated", {**draft, "version": 3, "status": "available"})
    assert shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="bob").status == 201


def test_a_failed_refund_ends_an_order_that_missed_the_refund(shop: Shop) -> None:
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    twice(shop, "PaymentRefundFailed", payment_data(shop.placed, status="refund_failed"))
    assert state(shop) == ("refunded", 3, 0, 0)


def test_a_deleted_account_orders_nothing_more(shop: Shop) -> None:
    twice(shop, "UserDeleted", {"userId": "ann"})
    refused = shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="ann")
    assert (refused.status, refused.json["code"]) == (401, "account_deleted")
    assert state(shop) == ("pending", 2, 1, 0)
    assert shop.request("POST", "/api/orders", {"ticketId": "t1"}, user="bob").status == 201
    assert shop.request("GET", f"/api/orders/{shop.placed['id']}", user="ann").status == 200


def test_an_edit_changes_neither_a_placed_order_nor_its_price(shop: Shop) -> None:
    twice(shop, "TicketUpdated", ticket_data(quantity=5, price=9_900, version=2))
    assert state(shop) == ("pending", 4, 1, 0)
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    assert state(shop) == ("completed", 4, 0, 1)


def test_an_older_edit_changes_nothing(shop: Shop) -> None:
    twice(shop, "TicketUpdated", ticket_data(quantity=5, version=3))
    twice(shop, "TicketUpdated", ticket_data(quantity=9, version=2))
    twice(shop, "TicketCreated", ticket_data(quantity=3, version=1))
    assert state(shop) == ("pending", 4, 1, 0)


def test_a_withdrawal_received_before_the_listing_stands(orders: Service) -> None:
    orders.consume(sqs_record("TicketWithdrawn", ticket_data(status="withdrawn", version=2)))
    orders.consume(sqs_record("TicketCreated", ticket_data()))
    assert orders.row("TICKET#t1")["listed"] is False


def test_a_pending_order_outlives_the_withdrawal(shop: Shop) -> None:
    shop.consume(sqs_record("TicketWithdrawn", ticket_data(quantity=3, status="withdrawn", version=2)))
    shop.consume(sqs_record("PaymentAuthorized", payment_data(shop.placed)))
    assert state(shop) == ("completed", 2, 0, 1)


def test_an_unknown_order_is_acknowledged(orders: Service) -> None:
    nobody = {
        "id": "none",
        "userId": "ann",
        "total": 1,
        "currency": "eur",
        "createdAt": "2026-07-01T12:00:00Z",
    }
    for kind in ("PaymentAuthorized", "PaymentFailed", "PaymentRefunded"):
        assert orders.consume(sqs_record(kind, payment_data(nobody))) == []
    assert (
        orders.consume(sqs_record("HoldElapsed", {"orderId": "none", "expiresAt": "2026-07-01T12:00:00Z"}))
        == []
    )


def test_only_the_failed_message_is_retried(shop: Shop) -> None:
    good, bad = (
        sqs_record("PaymentAuthorized", payment_data(shop.placed)),
        sqs_record("PaymentAuthorized", {}),
    )
    assert shop.consume(bad, good) == [bad["messageId"]]
    assert state(shop)[0] == "completed"


def test_a_message_that_cannot_be_delayed_fails_alone(shop: Shop) -> None:
    good, bad = (
        sqs_record("PaymentAuthorized", payment_data(shop.placed)),
        sqs_record("PaymentAuthorized", {}),
    )
    handler = shop.function("consumer").handler  # the queue does not know these messages' receipts
    assert deliver_batch(handler, bad, good) == [bad["messageId"]]
    assert state(shop)[0] == "completed"
