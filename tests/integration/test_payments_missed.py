"""Refunds at Stripe whose webhook never arrived."""

import pytest

from tests.support.payments_service import PaymentsService


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
    refunded.sweep()
    assert refunded.status() == "refunded"
    assert refunded.published_types()[-1] == "PaymentRefunded"


def test_a_missed_refund_is_published_once(refunded: PaymentsService) -> None:
    lose_webhooks(refunded)
    refunded.sweep()
    refunded.sweep()
    assert refunded.published_types().count("PaymentRefunded") == 1


def test_a_delivered_refund_is_not_listed_again(refunded: PaymentsService) -> None:
    refunded.webhooks()
    operations: list[str] = []
    refunded.stripe.fault = operations.append
    refunded.sweep()
    assert (operations, refunded.status()) == (["events.list"], "refunded")


@pytest.mark.parametrize("operation", ["events.list", "payment_intents.retrieve"])
def test_an_error_leaves_a_missed_refund_for_the_next_sweep(
    refunded: PaymentsService, operation: str
) -> None:
    lose_webhooks(refunded)
    refunded.stripe.fault = lambda called: "rate_limit" if called == operation else None
    refunded.sweep()
    assert refunded.status() == "captured"
    refunded.stripe.fault = None
    refunded.sweep()
    assert refunded.status() == "refunded"
