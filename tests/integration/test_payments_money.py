"""What becomes of captured money: partial and failed refunds, and disputes. Each webhook comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import money_data
from tests.support.payments_service import PaymentsService

STRIPE_SETTLES = timedelta(seconds=6)  # what a test card does after its refund or its capture


def buy(payments: PaymentsService, card: str = "pm_card_visa") -> PaymentsService:
    """Ann's order o1 is paid with this card, completed and captured."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm(card)
    payments.webhooks()
    payments.consume_order("OrderCompleted", status="completed", version=2)
    payments.webhooks()
    return payments


@pytest.fixture
def captured(payments: PaymentsService) -> PaymentsService:
    """A payments service with a captured payment of 48.60."""
    return buy(payments)


@pytest.fixture
def refund_failed(payments: PaymentsService) -> PaymentsService:
    """A payment that was refunded; its order ended, and then the bank returned the refund."""
    buy(payments, "pm_card_refundFail").stripe.refund_from_dashboard(payments.intent()["id"])
    payments.webhooks()
    payments.consume_order("OrderRefunded", status="refunded", version=3)
    payments.now += STRIPE_SETTLES
    payments.webhooks()
    return payments


def shown(payments: PaymentsService) -> tuple[str, dict[str, Any]]:
    """The payment's status and money, as its buyer sees them."""
    payment = payments.show().json
    return payment["status"], payment["money"]


def lose_webhooks(payments: PaymentsService) -> None:
    """Stripe has given up on all pending deliveries."""
    for delivery in payments.stripe.deliveries():
        payments.stripe.ledger.remove("delivery", delivery.id)


def test_a_partial_refund_is_recorded_and_published_once(captured: PaymentsService) -> None:
    captured.stripe.refund_from_dashboard(captured.intent()["id"], 2430)
    captured.webhooks()
    assert shown(captured) == ("captured", money_data(refunded=2430))
    *_, (name, data) = captured.published()
    assert (name, data["money"], data["version"]) == ("PaymentCaptured", money_data(refunded=2430), 4)
    assert captured.published_types().count("PaymentCaptured") == 2
    assert captured.taken() == 2430


def test_the_rest_of_a_partial_refund_refunds_the_payment(captured: PaymentsService) -> None:
    for amount in (2430, None):
        captured.stripe.refund_from_dashboard(captured.intent()["id"], amount)
        captured.webhooks()
    assert shown(captured) == ("refunded", money_data(refunded=4860))
    assert captured.published_types()[-1] == "PaymentRefunded"


def test_a_refund_that_fails_later_is_not_a_refund(refund_failed: PaymentsService) -> None:
    assert shown(refund_failed) == ("refund_failed", money_data(refundFailed=4860))
    assert refund_failed.published_types()[-2:] == ["PaymentRefunded", "PaymentRefundFailed"]
    assert refund_failed.taken() == 4860


def test_a_failed_refund_is_not_repeated_by_itself(refund_failed: PaymentsService) -> None:
    refund_failed.consume_order("OrderRefunded", status="refunded", version=3)
    refund_failed.sweep()
    assert len(refund_failed.stripe.ledger.rows["refund"]) == 1
    assert refund_failed.published_types().count("PaymentRefundFailed") == 1


def test_a_second_refund_ends_what_the_first_owed(refund_failed: PaymentsService) -> None:
    refund_failed.stripe.refund_from_dashboard(refund_failed.intent()["id"])
    refund_failed.webhooks()
    assert shown(refund_failed) == ("refunded", money_data(refunded=4860))
    assert refund_failed.published_types()[-1] == "PaymentRefunded"
    assert refund_failed.taken() == 0


def test_a_failed_refund_is_found_though_its_webhook_never_arrived(payments: PaymentsService) -> None:
    buy(payments, "pm_card_refundFail").stripe.refund_from_dashboard(payments.intent()["id"])
    payments.webhooks()
    payments.consume_order("OrderRefunded", status="refunded", version=3)
    payments.now += STRIPE_SETTLES
    lose_webhooks(payments)
    assert shown(payments)[0] == "refunded"
    payments.sweep_for_missed()
    assert shown(payments)[0] == "refund_failed"


def test_a_pending_refund_is_believed_when_it_has_succeeded(payments: PaymentsService) -> None:
    buy(payments, "pm_card_pendingRefund").stripe.refund_from_dashboard(payments.intent()["id"])
    payments.webhooks()
    assert shown(payments) == ("captured", money_data())
    payments.now += STRIPE_SETTLES
    payments.webhooks()
    assert shown(payments) == ("refunded", money_data(refunded=4860))


@pytest.mark.parametrize(
    ("outcome", "money"),
    [
        ("lost", money_data(lost=4860, disputed="lost")),
        ("won", money_data(disputed="won")),
    ],
)
def test_a_dispute_is_recorded_and_published(
    captured: PaymentsService, outcome: str, money: dict[str, Any]
) -> None:
    intent_id = captured.intent()["id"]
    captured.stripe.dispute(intent_id)
    captured.webhooks()
    assert shown(captured) == ("captured", money_data(disputed="open"))
    captured.stripe.end_dispute(intent_id, outcome)
    captured.webhooks()
    assert shown(captured) == ("captured", money)
    names_and_money = [(name, data["money"]["disputed"]) for name, data in captured.published()]
    assert names_and_money[-2:] == [("PaymentCaptured", "open"), ("PaymentCaptured", outcome)]


def test_an_inquiry_that_closes_moves_no_money(captured: PaymentsService) -> None:
    intent_id = captured.intent()["id"]
    captured.stripe.dispute(intent_id, inquiry=True)
    captured.stripe.end_dispute(intent_id, "won")
    captured.webhooks()
    assert shown(captured) == ("captured", money_data(disputed="warning_closed"))


def test_a_dispute_is_found_though_its_webhook_never_arrived(captured: PaymentsService) -> None:
    captured.stripe.dispute(captured.intent()["id"])
    lose_webhooks(captured)
    captured.sweep_for_missed()
    assert shown(captured) == ("captured", money_data(disputed="open"))


@pytest.fixture
def disputed(payments: PaymentsService) -> PaymentsService:
    """A pending order whose money was captured by hand and is disputed; then the order expired."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.capture_at_stripe()
    payments.stripe.dispute(payments.intent()["id"])
    payments.webhooks()
    assert payments.consume_order("OrderExpired", status="expired", version=2)
    return payments


def test_nothing_is_refunded_while_a_dispute_is_open(disputed: PaymentsService) -> None:
    disputed.sweep()
    assert not disputed.stripe.ledger.rows["refund"]
    assert shown(disputed) == ("authorized", money_data(disputed="open"))


@pytest.mark.parametrize(
    ("outcome", "money"),
    [
        ("won", money_data(refunded=4860, disputed="won")),
        ("lost", money_data(lost=4860, disputed="lost")),
    ],
)
def test_an_ended_order_is_refunded_after_its_dispute_unless_it_was_lost(
    disputed: PaymentsService, outcome: str, money: dict[str, Any]
) -> None:
    disputed.stripe.end_dispute(disputed.intent()["id"], outcome)
    disputed.webhooks()
    assert shown(disputed) == ("refunded", money)
    assert len(disputed.stripe.ledger.rows["refund"]) == (outcome == "won")


def test_an_ended_order_is_refunded_while_an_inquiry_is_open(payments: PaymentsService) -> None:
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.capture_at_stripe()
    payments.stripe.dispute(payments.intent()["id"], inquiry=True)
    payments.consume_order("OrderExpired", status="expired", version=2)
    assert shown(payments) == ("refunded", money_data(refunded=4860, disputed="open"))
