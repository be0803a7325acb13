"""Payments that Stripe refuses for good, and those that it refuses by a fault of ours."""

import pytest

from local.stripe.faults import Fault
from tests.support.payments_service import PaymentsService


def refuse(payments: PaymentsService, fault: Fault | None) -> None:
    """Have Stripe refuse to create intents."""
    payments.stripe.fault = lambda operation: fault if operation == "payment_intents.create" else None


@pytest.fixture
def refused(payments: PaymentsService) -> PaymentsService:
    """An order whose amount Stripe does not take."""
    payments.consume_order("OrderCreated")
    refuse(payments, "amount_too_small")
    return payments


def test_an_amount_that_stripe_never_takes_ends_the_order(refused: PaymentsService) -> None:
    answer = refused.pay()
    assert (answer.status, answer.json["code"]) == (409, "amount_refused")
    assert answer.json["detail"] == (
        "Our payment provider can't take this amount. You were not charged, and the hold is released."
    )
    assert "retry-after" not in answer.headers
    [(name, data)] = refused.published()
    assert (name, data["orderId"], data["status"], data["version"]) == ("PaymentFailed", "o1", "failed", 1)


def test_a_refused_amount_is_refused_once_and_for_all(refused: PaymentsService) -> None:
    refused.pay()
    refuse(refused, None)
    assert refused.pay().json["code"] == "amount_refused"
    refused.consume_order("OrderCancelled", status="cancelled", version=2)
    assert refused.pay().json["code"] == "amount_refused"
    refused.sweep()
    assert refused.intents() == []
    assert refused.published_types() == ["PaymentFailed"]


def test_a_refused_amount_of_an_order_that_ended_leaves_nothing_to_do(refused: PaymentsService) -> None:
    """The intent's creation crashed, and the order ended before it was tried again."""
    refuse(refused, "lost_request")
    assert refused.pay().status == 503
    refuse(refused, "amount_too_small")
    assert refused.consume_order("OrderExpired", status="expired", version=2)
    assert refused.status() == "failed"
    assert "unsettled" not in refused.row()


def test_any_other_refusal_is_a_fault_of_ours(payments: PaymentsService) -> None:
    payments.consume_order("OrderCreated")
    refuse(payments, "bad_request")
    answer = payments.pay()
    assert (answer.status, answer.json["code"]) == (503, "payment_provider_unavailable")
    assert payments.published() == []
    refuse(payments, None)
    assert payments.pay().status == 201
