"""Orders of files are captured when their units are the buyer's: each event twice, and out of order."""

from typing import Any

import pytest

from tests.factories import delivery_data
from tests.support.handlers import sqs_record
from tests.support.payments_service import PaymentsService


@pytest.fixture
def authorised(payments: PaymentsService) -> PaymentsService:
    """A payments service where ann's bank has authorised o1, an order of a file."""
    order(payments, "OrderCreated")
    assert payments.pay().status == 201
    payments.confirm()
    payments.webhooks()
    return payments


def order(payments: PaymentsService, kind: str, **fields: Any) -> None:
    for _ in range(2):
        assert payments.consume_order(kind, delivery="file", **fields)


def deliver(payments: PaymentsService, order_id: str = "o1") -> list[bool]:
    """Whether TicketsDelivered was accepted, each of two times."""
    data = delivery_data(orderId=order_id, status="ready", units=["u1"])
    return [payments.consume(sqs_record("TicketsDelivered", data)) == [] for _ in range(2)]


def test_a_file_is_paid_once_it_is_delivered(authorised: PaymentsService) -> None:
    order(authorised, "OrderCompleted", status="completed", version=2)
    assert (authorised.taken(), authorised.status()) == (0, "authorized")
    assert deliver(authorised) == [True, True]
    assert (authorised.taken(), authorised.status()) == (4860, "captured")


def test_a_delivery_heard_before_the_completion_is_kept(authorised: PaymentsService) -> None:
    assert deliver(authorised) == [True, True]
    assert authorised.taken() == 0
    order(authorised, "OrderCompleted", status="completed", version=2)
    assert authorised.taken() == 4860


def test_the_sweeper_waits_for_the_delivery(authorised: PaymentsService) -> None:
    order(authorised, "OrderCompleted", status="completed", version=2)
    authorised.sweep()
    assert authorised.taken() == 0
    deliver(authorised)
    assert authorised.taken() == 4860


@pytest.mark.parametrize(("kind", "status"), [("OrderRefunded", "refunded"), ("OrderCancelled", "cancelled")])
def test_an_undelivered_order_that_ends_is_never_charged(
    authorised: PaymentsService, kind: str, status: str
) -> None:
    order(authorised, "OrderCompleted", status="completed", version=2)
    order(authorised, kind, status=status, version=3)
    authorised.webhooks()
    assert (authorised.taken(), authorised.status()) == (0, "voided")
    deliver(authorised)
    assert (authorised.taken(), authorised.status()) == (0, "voided")


def test_a_delivery_of_an_order_not_heard_of_is_retried(payments: PaymentsService) -> None:
    assert deliver(payments, "o9") == [False, False]


def test_a_row_of_before_is_captured_at_once(authorised: PaymentsService) -> None:
    """Orders that do not say how they are handed over were sold by their sellers."""
    for _ in range(2):
        assert authorised.consume_order("OrderCompleted", status="completed", version=2)
    assert authorised.taken() == 4860
