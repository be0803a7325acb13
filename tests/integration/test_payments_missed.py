"""Refunds at Stripe whose webhook never arrived."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.payments_service import PaymentsService

QUARTER = timedelta(minutes=15)  # between two looks for missed webhooks; the tests begin at noon


@pytest.fixture
def refunded(payments: PaymentsService) -> PaymentsService:
    """Ann's payment was captured, then refunded in Stripe's dashboard; the webhook did not arrive."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.consume_order("OrderCompleted", status="completed", version=2)
    payments.webhooks()
    payments.stripe.refund_from_dashboard(payments.intent()["id"])
    return payments


def lose_webhooks(payments: PaymentsService) -> None:
    """Stripe has given up on all pending deliveries."""
    for delivery in payments.stripe.deliveries():
        payments.stripe.ledger.remove("delivery", delivery.id)


def test_a_refund_is_applied_though_its_webhook_never_arrived(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.sweep_for_missed()
    assert refunded.status() == "refunded"
    assert refunded.published_types()[-1] == "PaymentRefunded"


def test_a_missed_refund_is_published_once(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.sweep_for_missed()
    refunded.consume_order("OrderRefunded", status="refunded", version=3)
    refunded.sweep_for_missed()
    assert refunded.published_types().count("PaymentRefunded") == 1


def test_a_delivered_refund_is_not_listed_again(refunded: PaymentsService) -> None:
    refunded.webhooks()
    operations: list[str] = []
    refunded.stripe.fault = operations.append
    refunded.sweep_for_missed()
    assert (operations, refunded.status()) == (["events.list"], "refunded")


@pytest.mark.parametrize("operation", ["events.list", "payment_intents.retrieve"])
def test_an_error_leaves_a_missed_refund_for_the_next_sweep(
    refunded: PaymentsService, operation: str
) -> None:
    lose_webhooks(refunded)
    refunded.stripe.fault = lambda called: "rate_limit" if called == operation else None
    refunded.sweep_for_missed()
    assert refunded.status() == "captured"
    refunded.stripe.fault = None
    refunded.sweep_for_missed()
    assert refunded.status() == "refunded"


def listed(payments: PaymentsService, after: timedelta) -> list[str]:
    """The calls of Stripe that the next sweep makes."""
    operations: list[str] = []
    payments.stripe.fault = operations.append
    payments.sweep(after)
    payments.stripe.fault = None
    return operations


def test_missed_webhooks_are_looked_for_four_times_an_hour(payments: PaymentsService) -> None:
    calls = [listed(payments, timedelta(minutes=1)) for _ in range(60)]
    assert [minute for minute, called in enumerate(calls, 1) if called] == [15, 30, 45, 60]


def test_the_whole_month_is_looked_through_once_a_day(
    payments: PaymentsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripe's events reach back thirty days."""
    since: list[timedelta] = []

    def missed(_: object, start: datetime) -> list[Any]:
        since.append(payments.now - start)
        return []

    monkeypatch.setattr(payments.sweeper.stripe, "missed_events", missed)
    for _ in range(24 * 4):
        payments.sweep(QUARTER)
    assert since.count(timedelta(days=30)) == 1
    assert set(since) == {timedelta(days=30), timedelta(days=1)}


def test_a_refund_that_was_missed_for_weeks_is_applied(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.now += timedelta(days=29)
    refunded.sweep(timedelta(hours=15))  # 3:00 of the next day
    assert refunded.status() == "refunded"


def test_what_was_applied_costs_no_further_reads(refunded: PaymentsService) -> None:
    """Stripe lists a missed event for thirty days."""
    lose_webhooks(refunded)
    assert "payment_intents.retrieve" in listed(refunded, QUARTER)
    assert listed(refunded, QUARTER) == ["events.list"]
