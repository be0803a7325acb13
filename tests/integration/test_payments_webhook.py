"""Stripe's webhook: what is accepted, and what is done about it."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from tiketz_common import aws

from local.stripe.webhooks import signature
from tests.support.payments_service import WEBHOOK_SECRET, WEBHOOK_SECRET_PARAMETER, PaymentsService


@pytest.fixture
def paid(payments: PaymentsService) -> PaymentsService:
    """A payments service whose buyer has paid, without a webhook yet."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    return payments


def event(
    payments: PaymentsService, kind: str = "payment_intent.amount_capturable_updated", **intent: Any
) -> str:
    about = payments.intent() | intent
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}})


def signed(payments: PaymentsService, body: str, *, secret: str = WEBHOOK_SECRET, late: int = 0) -> str:
    return signature(body, secret, int(payments.now.timestamp()) - late)


def test_a_webhook_only_says_which_intent_to_retrieve(paid: PaymentsService) -> None:
    body = event(paid, amount_capturable=1, amount=1, currency="usd", status="canceled")
    assert paid.receive(body, signed(paid, body)).status == 200
    [(name, data)] = paid.published()
    assert (name, data["amount"], data["currency"]) == ("PaymentAuthorized", 4860, "eur")


def test_a_repeated_webhook_changes_nothing(paid: PaymentsService) -> None:
    body = event(paid)
    answers = [paid.receive(body, signed(paid, body)).status for _ in range(3)]
    assert answers == [200, 200, 200]
    assert paid.published_types() == ["PaymentAuthorized"]


def test_webhooks_may_come_in_any_order(paid: PaymentsService) -> None:
    due = paid.stripe.deliveries()
    assert len(due) > 2
    for delivery in reversed(due):
        assert paid.send(delivery) == 200
    assert paid.published_types() == ["PaymentAuthorized"]


@pytest.mark.parametrize("late", [301, 86_400, -301, -86_400])
def test_an_old_webhook_and_one_from_the_future_are_refused(paid: PaymentsService, late: int) -> None:
    body = event(paid)
    answer = paid.receive(body, signed(paid, body, late=late))
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json["errors"]
    assert paid.published() == []


@pytest.mark.parametrize("late", [300, -300])
def test_a_clock_five_minutes_off_is_tolerated(paid: PaymentsService, late: int) -> None:
    body = event(paid)
    assert paid.receive(body, signed(paid, body, late=late)).status == 200


def test_a_forged_webhook_is_refused(paid: PaymentsService) -> None:
    body = event(paid)
    for forged in (None, "", "t=1,v1=2", signed(paid, body, secret="whsec_other"), signed(paid, body + " ")):
        assert paid.receive(body, forged).status == 400
    assert paid.published() == []


INTENT = '{"type":"payment_intent.succeeded"'


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", '"t"', '{"a":1,"a":2}', "{}", '{"type":7}', '{"type":["a"]}'),
        *(
            INTENT + rest
            for rest in ("}", ',"data":null}', ',"data":{"object":{}}}', ',"data":{"object":"pi"}}')
        ),
        INTENT + ',"data":{"object":{"id":"pi","metadata":"o1"}}}',
        INTENT + ',"data":{"object":{"id":7,"metadata":{"orderId":["o1"]}}}}',
    ],
)
def test_a_malformed_event_is_refused_or_ignored(paid: PaymentsService, body: str) -> None:
    assert paid.receive(body, "t=1,v1=2").status == 400
    assert paid.receive(body, signed(paid, body)).status in (200, 400)
    assert paid.published() == []


def test_a_body_larger_than_stripe_sends_is_refused_and_a_large_one_is_read(paid: PaymentsService) -> None:
    large = event(paid, description="x" * 100_000)
    assert paid.receive(large, signed(paid, large)).status == 200
    larger = event(paid, description="x" * 300_000)
    assert paid.receive(larger, signed(paid, larger)).status == 413


def test_other_event_types_are_accepted(paid: PaymentsService) -> None:
    operations: list[str] = []
    paid.stripe.fault = operations.append
    for kind in ("payment_intent.requires_action", "customer.created", "payment_intent.processing"):
        body = event(paid, kind)
        assert paid.receive(body, signed(paid, body)).status == 200
    assert operations == []


def test_events_of_unknown_orders_are_accepted(paid: PaymentsService) -> None:
    for metadata in ({}, None, {"orderId": "o9"}, {"other": "o1"}):
        body = event(paid, metadata=metadata)
        assert paid.receive(body, signed(paid, body)).status == 200
    assert paid.published() == []


def test_another_intent_with_our_order_id_changes_nothing(paid: PaymentsService) -> None:
    """One made by hand at Stripe: only the intent that we stored counts."""
    body = event(paid, id="pi_another")
    assert paid.receive(body, signed(paid, body)).status == 200
    assert paid.published() == []
    assert paid.row()["payment"]["intentId"] == paid.intent()["id"]


@pytest.mark.parametrize("wrong", [{"amount": 1}, {"currency": "usd"}, {"metadata": {"orderId": "o2"}}])
def test_a_lost_intent_is_attached_only_if_it_matches(
    payments: PaymentsService, wrong: dict[str, Any]
) -> None:
    payments.consume_order("OrderCreated")
    payments.stripe.fault = lambda operation: "error_500_after" if operation.endswith("create") else None
    payments.pay()
    payments.stripe.fault = None
    body = event(payments, "payment_intent.created")
    payments.stripe.ledger.put("payment_intent", payments.intent() | wrong)
    assert payments.receive(body, signed(payments, body)).status == 200
    assert payments.row()["payment"]["intentId"] is None


def test_an_unpaid_order_gets_no_intent(payments: PaymentsService) -> None:
    payments.consume_order("OrderCreated")
    payments.consume_order("OrderCreated", id="o2")
    payments.pay("o2")
    body = json.dumps(
        {
            "type": "payment_intent.created",
            "data": {"object": payments.intent("o2") | {"metadata": {"orderId": "o1"}}},
        }
    )
    assert payments.receive(body, signed(payments, body)).status == 200
    assert "payment" not in payments.row()


def test_a_webhook_is_503_while_stripe_is_out_of_reach(paid: PaymentsService) -> None:
    body = event(paid)
    paid.stripe.fault = lambda operation: "rate_limit"
    answer = paid.receive(body, signed(paid, body))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    paid.stripe.fault = None
    assert paid.receive(body, signed(paid, body)).status == 200
    assert paid.published_types() == ["PaymentAuthorized"]


def test_a_rotated_secret_is_used_at_once(paid: PaymentsService) -> None:
    body = event(paid)
    assert paid.receive(body, signed(paid, body)).status == 200
    boto3.client("ssm").put_parameter(
        Name=WEBHOOK_SECRET_PARAMETER, Value="whsec_new", Type="SecureString", Overwrite=True
    )
    assert paid.receive(body, signed(paid, body, secret="whsec_new")).status == 200
    assert paid.receive(body, signed(paid, body)).status == 400


def test_forged_webhooks_do_not_reread_the_secret(paid: PaymentsService) -> None:
    reads: list[str] = []
    aws.client("ssm").meta.events.register("before-call.ssm.GetParameter", lambda **_: reads.append("secret"))
    body = event(paid)
    for _ in range(20):
        assert paid.receive(body, signed(paid, body, secret="whsec_forged")).status == 400
    assert len(reads) <= 2


def test_webhooks_are_logged_under_their_orders_correlation(paid: PaymentsService) -> None:
    paid.webhooks()
    [record] = [r for r in paid.records() if "event" in r["dynamodb"]["NewImage"]][-1:]
    detail = json.loads(record["dynamodb"]["NewImage"]["event"]["M"]["detail"]["S"])
    assert detail["correlationId"] == "test"


def test_a_webhook_days_late_finds_the_order_as_it_is_now(paid: PaymentsService) -> None:
    paid.consume_order("OrderExpired", status="expired", version=2)
    paid.now += timedelta(days=3)
    body = event(paid)
    assert paid.receive(body, signed(paid, body)).status == 200
    assert paid.published_types() == ["PaymentVoided"]
