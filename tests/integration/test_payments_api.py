"""PaymentsService through its HTTP door."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOON
from tests.support.payments_service import PaymentsService


@pytest.fixture
def asked(payments: PaymentsService) -> PaymentsService:
    """A payments service that knows ann's pending order o1."""
    payments.consume_order("OrderCreated")
    return payments


def test_paying_gives_the_buyer_what_stripes_form_needs(asked: PaymentsService) -> None:
    answer = asked.pay()
    assert answer.status == 201
    assert answer.headers["location"] == "/api/payments/o1"
    assert answer.json == {
        "id": "o1",
        "orderId": "o1",
        "status": "pending",
        "amount": 4860,
        "currency": "eur",
        "clientSecret": asked.intent()["client_secret"],
        "createdAt": "2026-07-01T12:00:00Z",
        "version": 1,
    }


def test_the_amount_at_stripe_is_the_orders_and_is_only_set_aside(asked: PaymentsService) -> None:
    asked.pay()
    intent = asked.intent()
    assert (intent["amount"], intent["currency"]) == (4860, "eur")
    assert intent["capture_method"] == "manual"
    assert intent["metadata"] == {"orderId": "o1"}


def test_paying_again_is_the_same_payment(asked: PaymentsService) -> None:
    first = asked.pay()
    asked.now += timedelta(minutes=5)
    assert (asked.pay().status, asked.pay().json) == (201, first.json)
    assert len(asked.intents()) == 1


def test_a_declined_card_leaves_the_payment_as_it_was(asked: PaymentsService) -> None:
    first = asked.pay().json
    asked.confirm("pm_card_visa_chargeDeclined")
    asked.webhooks()
    assert asked.pay().json == first
    assert asked.published() == []


def test_a_payment_that_is_made_is_told_without_its_secret(asked: PaymentsService) -> None:
    asked.pay()
    asked.confirm()
    asked.webhooks()
    answer = asked.pay()
    assert (answer.status, answer.json["status"]) == (201, "authorized")
    assert "clientSecret" not in answer.json


def test_a_completed_order_is_not_paid_again_and_its_payment_is_there_to_see(asked: PaymentsService) -> None:
    asked.pay()
    asked.confirm()
    asked.webhooks()
    asked.consume_order("OrderCompleted", status="completed", version=2)
    assert asked.pay().status == 409
    answer = asked.show()
    assert (answer.status, answer.json["status"]) == (200, "captured")
    assert "clientSecret" not in answer.json


def test_paying_again_notices_what_no_webhook_told(asked: PaymentsService) -> None:
    asked.pay()
    asked.confirm()
    answer = asked.pay()
    assert (answer.status, answer.json["status"]) == (201, "authorized")
    assert "clientSecret" not in answer.json
    assert asked.published_types() == ["PaymentAuthorized"]


def test_nobody_pays_for_an_order_we_have_not_heard_of(payments: PaymentsService) -> None:
    answer = payments.pay()
    assert (answer.status, answer.headers["retry-after"]) == (404, "1")


def test_nobody_pays_for_or_sees_anothers_order(asked: PaymentsService) -> None:
    asked.pay()
    assert asked.pay(user="bob").status == 404
    assert asked.show(user="bob").status == 404


def test_a_stranger_must_sign_in(asked: PaymentsService) -> None:
    assert asked.pay(user=None).status == 401
    assert asked.show(user=None).status == 401


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("OrderExpired", "expired"),
        ("OrderCancelled", "cancelled"),
        ("OrderRefunded", "refunded"),
        ("OrderCompleted", "completed"),
    ],
)
def test_an_order_that_is_over_is_not_paid(asked: PaymentsService, kind: str, status: str) -> None:
    asked.consume_order(kind, status=status, version=2)
    answer = asked.pay()
    assert answer.status == 409
    assert status in answer.json["detail"]
    assert asked.intents() == []


def test_an_order_past_its_time_is_not_paid_although_nobody_said_it_expired(asked: PaymentsService) -> None:
    asked.pay()
    asked.now = NOON + timedelta(minutes=15)
    assert asked.pay().status == 409
    assert "clientSecret" not in asked.show().json


def test_more_time_is_more_time_to_pay(asked: PaymentsService) -> None:
    asked.consume_order("OrderExtended", version=2, extensions=1, expiresAt="2026-07-01T12:30:00.000Z")
    asked.now = NOON + timedelta(minutes=20)
    assert asked.pay().status == 201


def test_a_payment_that_ended_is_a_conflict_to_pay_and_there_to_see(asked: PaymentsService) -> None:
    asked.pay()
    asked.consume_order("OrderExpired", status="expired", version=2)
    assert asked.pay().status == 409
    answer = asked.show()
    assert (answer.status, answer.json["status"]) == (200, "voided")
    assert "clientSecret" not in answer.json


def test_a_payment_is_shown_as_it_was_answered(asked: PaymentsService) -> None:
    assert asked.pay().json == asked.show().json


def test_there_is_no_payment_until_somebody_asks_for_one(asked: PaymentsService) -> None:
    answer = asked.show()
    assert (answer.status, answer.headers["retry-after"]) == (404, "1")
    asked.consume_order("OrderExpired", status="expired", version=2)
    assert asked.show().status == 404


@pytest.mark.parametrize(
    "sent",
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
def test_an_odd_body_is_refused_and_nothing_is_asked_of_stripe(asked: PaymentsService, sent: Any) -> None:
    answer = asked.request("POST", "/api/payments", sent, user="ann")
    assert answer.status == 400
    assert answer.json["errors"]
    assert asked.intents() == []


@pytest.mark.parametrize("fault", ["lost_request", "lost_reply", "rate_limit", "lock_timeout"])
def test_stripe_out_of_reach_is_told_and_paying_again_succeeds(asked: PaymentsService, fault: Any) -> None:
    asked.stripe.fault = lambda operation: fault
    answer = asked.pay()
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    asked.stripe.fault = None
    assert asked.show().status == 404
    assert asked.pay().status == 201
    assert len(asked.intents()) == 1


def test_no_secret_is_told_before_the_intent_is_stored(asked: PaymentsService) -> None:
    """The order expires between Stripe's answer and ours."""

    def expire(operation: str) -> None:
        if operation == "payment_intents.create":
            asked.stripe.fault = None
            asked.consume_order("OrderExpired", status="expired", version=2)

    asked.stripe.fault = expire
    answer = asked.pay()
    assert answer.status == 409
    assert [intent["status"] for intent in asked.intents()] == ["canceled"]
    assert asked.status() == "voided"


def test_two_requests_at_once_are_one_payment(asked: PaymentsService) -> None:
    """The second comes and goes while the first waits for Stripe's answer."""
    answers = []

    def again(operation: str) -> None:
        if operation == "payment_intents.create":
            asked.stripe.fault = None
            answers.append(asked.pay())

    asked.stripe.fault = again
    answers.append(asked.pay())
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(asked.intents()) == 1


def test_an_intent_that_stripe_made_without_telling_us_is_found_by_its_webhook(
    asked: PaymentsService,
) -> None:
    """Stripe replays the error under the idempotency key for a day, though it made the intent."""
    asked.stripe.fault = lambda operation: "error_500_after" if operation.endswith("create") else None
    assert asked.pay().status == 503
    asked.stripe.fault = None
    assert asked.pay().status == 503
    asked.webhooks()
    answer = asked.pay()
    assert (answer.status, answer.json["clientSecret"]) == (201, asked.intent()["client_secret"])
