"""Payments through its HTTP handler."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOON
from tests.support.payments_service import PaymentsService


@pytest.fixture
def payable(payments: PaymentsService) -> PaymentsService:
    """A payments service with ann's pending order o1."""
    payments.consume_order("OrderCreated")
    return payments


def test_paying_returns_the_client_secret(payable: PaymentsService) -> None:
    answer = payable.pay()
    assert answer.status == 201
    assert answer.headers["location"] == "/api/payments/o1"
    assert answer.json == {
        "id": "o1",
        "orderId": "o1",
        "status": "pending",
        "amount": 4860,
        "currency": "eur",
        "clientSecret": payable.intent()["client_secret"],
        "createdAt": "2026-07-01T12:00:00Z",
        "version": 1,
        "money": {"refunded": 0, "lost": 0, "disputed": None, "refundFailed": 0},
    }


def test_the_intent_has_the_orders_amount_and_manual_capture(payable: PaymentsService) -> None:
    payable.pay()
    intent = payable.intent()
    assert (intent["amount"], intent["currency"]) == (4860, "eur")
    assert intent["capture_method"] == "manual"
    assert intent["metadata"] == {"orderId": "o1"}


def test_paying_is_idempotent(payable: PaymentsService) -> None:
    first = payable.pay()
    payable.now += timedelta(minutes=5)
    assert (payable.pay().status, payable.pay().json) == (201, first.json)
    assert len(payable.intents()) == 1


def test_a_declined_card_leaves_the_payment_as_it_was(payable: PaymentsService) -> None:
    first = payable.pay().json
    payable.confirm("pm_card_visa_chargeDeclined")
    payable.webhooks()
    assert payable.pay().json == first
    assert payable.published() == []


def test_an_authorised_payment_shows_no_secret(payable: PaymentsService) -> None:
    payable.pay()
    payable.confirm()
    payable.webhooks()
    answer = payable.pay()
    assert (answer.status, answer.json["status"]) == (201, "authorized")
    assert "clientSecret" not in answer.json


def test_a_completed_orders_payment_is_shown_not_repeated(payable: PaymentsService) -> None:
    payable.pay()
    payable.confirm()
    payable.webhooks()
    payable.consume_order("OrderCompleted", status="completed", version=2)
    assert payable.pay().status == 409
    answer = payable.show()
    assert (answer.status, answer.json["status"]) == (200, "captured")
    assert "clientSecret" not in answer.json


def test_paying_again_settles_what_no_webhook_reported(payable: PaymentsService) -> None:
    payable.pay()
    payable.confirm()
    answer = payable.pay()
    assert (answer.status, answer.json["status"]) == (201, "authorized")
    assert "clientSecret" not in answer.json
    assert payable.published_types() == ["PaymentAuthorized"]


def test_an_unknown_order_cannot_be_paid(payments: PaymentsService) -> None:
    answer = payments.pay()
    assert (answer.status, answer.headers["retry-after"]) == (404, "1")


@pytest.mark.parametrize("prefer", ["respond-async", "wait=5, Respond-Async; foo=bar"])
def test_an_order_not_known_yet_is_accepted_where_the_client_prefers_it(
    payments: PaymentsService, prefer: str
) -> None:
    answer = payments.pay(prefer=prefer)
    assert (answer.status, answer.json) == (202, {"orderId": "o1"})
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["preference-applied"] == "respond-async"
    assert payments.pay(prefer="respond-asynchronously").status == 404
    payments.consume_order("OrderCreated")
    assert payments.pay(prefer=prefer).status == 201
    assert payments.pay(user="bob", prefer=prefer).status == 202  # as if it did not exist


def test_another_buyers_order_can_be_neither_paid_nor_seen(payable: PaymentsService) -> None:
    payable.pay()
    assert payable.pay(user="bob").status == 404
    assert payable.show(user="bob").status == 404


def test_a_stranger_must_sign_in(payable: PaymentsService) -> None:
    assert payable.pay(user=None).status == 401
    assert payable.show(user=None).status == 401


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("OrderExpired", "expired"),
        ("OrderCancelled", "cancelled"),
        ("OrderRefunded", "refunded"),
        ("OrderCompleted", "completed"),
    ],
)
def test_an_ended_order_is_not_paid(payable: PaymentsService, kind: str, status: str) -> None:
    payable.consume_order(kind, status=status, version=2)
    answer = payable.pay()
    assert answer.status == 409
    assert status in answer.json["detail"]
    assert payable.intents() == []


def test_an_order_past_its_time_is_not_paid_before_it_expires(payable: PaymentsService) -> None:
    payable.pay()
    payable.now = NOON + timedelta(minutes=15)
    assert payable.pay().status == 409
    assert "clientSecret" not in payable.show().json


def test_an_extension_extends_the_time_to_pay(payable: PaymentsService) -> None:
    payable.consume_order("OrderExtended", version=2, extensions=1, expiresAt="2026-07-01T12:30:00.000Z")
    payable.now = NOON + timedelta(minutes=20)
    assert payable.pay().status == 201


def test_an_ended_payment_is_shown_and_paying_conflicts(payable: PaymentsService) -> None:
    payable.pay()
    payable.consume_order("OrderExpired", status="expired", version=2)
    assert payable.pay().status == 409
    answer = payable.show()
    assert (answer.status, answer.json["status"]) == (200, "voided")
    assert "clientSecret" not in answer.json


def test_a_payment_is_shown_as_it_was_returned(payable: PaymentsService) -> None:
    assert payable.pay().json == payable.show().json


def test_there_is_no_payment_before_the_first_request(payable: PaymentsService) -> None:
    answer = payable.show()
    assert (answer.status, answer.headers["retry-after"]) == (404, "1")
    payable.consume_order("OrderExpired", status="expired", version=2)
    assert payable.show().status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"orderId": 1},
        {"orderId": None},
        {"orderId": ""},
        {"orderId": "a b"},
        {"orderId": "o" * 65},
        {"orderId": "o1", "amount": 1},
        {"orderId": "o1", "status": "captured"},
    ],
)
def test_an_invalid_body_makes_no_call_to_stripe(payable: PaymentsService, body: Any) -> None:
    answer = payable.request("POST", "/api/payments", body, user="ann")
    assert answer.status == 400
    assert answer.json["errors"]
    assert payable.intents() == []


@pytest.mark.parametrize("fault", ["lost_request", "lost_reply", "rate_limit", "lock_timeout"])
def test_paying_succeeds_after_stripe_was_out_of_reach(payable: PaymentsService, fault: Any) -> None:
    payable.stripe.fault = lambda operation: fault
    answer = payable.pay()
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    payable.stripe.fault = None
    assert payable.show().status == 404
    assert payable.pay().status == 201
    assert len(payable.intents()) == 1


def test_no_secret_is_returned_before_the_intent_is_stored(payable: PaymentsService) -> None:
    """The order expires between Stripe's response and ours."""

    def expire(operation: str) -> None:
        if operation == "payment_intents.create":
            payable.stripe.fault = None
            payable.consume_order("OrderExpired", status="expired", version=2)

    payable.stripe.fault = expire
    answer = payable.pay()
    assert answer.status == 409
    assert [intent["status"] for intent in payable.intents()] == ["canceled"]
    assert payable.status() == "voided"


def test_two_concurrent_requests_are_one_payment(payable: PaymentsService) -> None:
    """The second runs while the first waits for Stripe's response."""
    answers = []

    def again(operation: str) -> None:
        if operation == "payment_intents.create":
            payable.stripe.fault = None
            answers.append(payable.pay())

    payable.stripe.fault = again
    answers.append(payable.pay())
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(payable.intents()) == 1


def test_a_lost_intent_is_attached_by_its_webhook(
    payable: PaymentsService,
) -> None:
    """Stripe replays the error under the idempotency key for a day, though it made the intent."""
    payable.stripe.fault = lambda operation: "error_500_after" if operation.endswith("create") else None
    assert payable.pay().status == 503
    payable.stripe.fault = None
    assert payable.pay().status == 503
    payable.webhooks()
    answer = payable.pay()
    assert (answer.status, answer.json["clientSecret"]) == (201, payable.intent()["client_secret"])
