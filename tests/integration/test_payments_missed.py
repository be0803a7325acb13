"""Refunds made at Stripe whose webhook never came."""

import pytest

from tests.support.payments_service import PaymentsService


@pytest.fixture
def refunded(payments: PaymentsService) -> PaymentsService:
    """Ann's payment is captured; then somebody at Tiketz refunds it, and Stripe's webhook does not arrive."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.consume_order("OrderCompleted", status="completed", version=2)
    payments.webhooks()
    payments.stripe.refund_from_dashboard(payments.intent()["id"])
    return payments


def lose_webhooks(payments: PaymentsService) -> None:
    """Stripe has given up on all that it still owed."""
    for delivery in payments.stripe.deliveries():
        payments.stripe.ledger.remove("delivery", delivery.id)


def test_a_refund_is_honoured_though_its_webhook_never_came(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.sweep()
    assert refunded.status() == "refunded"
    assert refunded.published_types()[-1] == "PaymentRefunded"


def test_a_missed_refund_is_told_once(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.sweep()
    refunded.sweep()
    assert refunded.published_types().count("PaymentRefunded") == 1


def test_what_a_webhook_told_is_not_looked_for_again(refunded: PaymentsService) -> None:
    refunded.webhooks()
    asked: list[str] = []
    refunded.stripe.fault = asked.append
    refunded.sweep()
    assert (asked, refunded.status()) == (["events.list"], "refunded")


@pytest.mark.parametrize("operation", ["events.list", "payment_intents.retrieve"])
def test_trouble_at_stripe_leaves_a_missed_refund_for_the_next_sweep(
    refunded: PaymentsService, operation: str
) -> None:
    lose_webhooks(refunded)
    refunded.stripe.fault = lambda asked: "rate_limit" if asked == operation else None
    refunded.sweep()
    assert refunded.status() == "captured"
    refunded.stripe.fault = None
    refunded.sweep()
    assert refunded.status() == "refunded"
