"""No client secret, card or key is in a row, an event or a log line."""

import json
import logging
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from tests.support.handlers import LambdaContext
from tests.support.payments_service import WEBHOOK_SECRET, PaymentsService


@pytest.fixture
def bus(payments: PaymentsService) -> SimpleNamespace:
    """The bus with a queue of all that payments publishes; `received` relays the stream and returns it."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    queue = sqs.create_queue(QueueName="received")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["tiketz.payments"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "received", "Arn": arn}])

    def received() -> list[dict[str, Any]]:
        answer = payments.relay.handler({"Records": payments.records()}, LambdaContext())
        assert answer == {"batchItemFailures": []}
        received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in received]

    return SimpleNamespace(received=received)


def test_secrets_are_in_no_row_event_or_log_line(
    payments: PaymentsService,
    bus: SimpleNamespace,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    payments.consume_order("OrderCreated")
    secret = payments.pay().json["clientSecret"]
    payments.confirm("pm_card_visa_chargeDeclined")
    payments.webhooks()
    assert payments.pay().json["clientSecret"] == secret
    assert payments.show().json["clientSecret"] == secret
    payments.confirm()
    payments.webhooks()
    payments.stripe.fault = lambda operation: "lock_timeout" if operation.endswith("capture") else None
    assert not payments.consume_order("OrderCompleted", status="completed", version=2)
    payments.stripe.fault = lambda operation: "error_500_after" if operation.endswith("capture") else None
    assert payments.consume_order("OrderCompleted", status="completed", version=2)
    refuse(payments)
    payments.webhooks()

    written = json.dumps(payments.records(), default=str)
    text = json.dumps(bus.received())
    logged = "".join(capsys.readouterr()) + caplog.text
    assert "PaymentCaptured" in text
    assert "stripe_request_failed" in logged
    card = next(iter(payments.stripe.ledger.rows["payment_method"].values()))["card"]
    digits = card["last4"]  # quoted: ids may hold them by chance
    for canary in (
        secret,
        secret.split("_secret_")[1],
        f'"{digits}"',
        f'\\"{digits}\\"',
        card["fingerprint"],
    ):
        for trace in (written, text, logged):
            assert canary not in trace
    for canary in (payments.stripe.keys.secret, WEBHOOK_SECRET, "ann@tiketz.test"):
        assert canary not in logged


def refuse(payments: PaymentsService) -> None:
    """Have Stripe refuse a capture with the whole intent, secret and all, inside its error."""
    payments.stripe.fault = None
    payments.consume_order("OrderCreated", id="o2")
    payments.pay("o2")
    payments.confirm(order_id="o2")
    payments.webhooks()

    def capture_by_another(operation: str) -> None:
        if operation.endswith("capture"):
            payments.stripe.fault = None
            path = f"/v1/payment_intents/{payments.intent('o2')['id']}/capture"
            payments.stripe.request("post", path, authorization=f"Bearer {payments.stripe.keys.secret}")

    payments.stripe.fault = capture_by_another
    assert payments.consume_order("OrderCompleted", id="o2", status="completed", version=2)
    assert payments.status("o2") == "captured"


def test_each_change_is_published_once(payments: PaymentsService, bus: SimpleNamespace) -> None:
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.webhooks()
    payments.consume_order("OrderCompleted", status="completed", version=2)
    payments.webhooks()
    received = {event["detail-type"]: event for event in bus.received()}
    assert sorted(received) == ["PaymentAuthorized", "PaymentCaptured"]
    detail = received["PaymentCaptured"]["detail"]
    assert received["PaymentCaptured"]["source"] == "tiketz.payments"
    assert set(detail) == {"eventId", "schemaVersion", "occurredAt", "correlationId", "data"}
    assert detail["data"] == {
        "id": "o1",
        "orderId": "o1",
        "userId": "ann",
        "status": "captured",
        "amount": 4860,
        "currency": "eur",
        "createdAt": "2026-07-01T12:00:00Z",
        "version": 3,
        "money": {"refunded": 0, "lost": 0, "disputed": None, "refundFailed": 0},
    }
