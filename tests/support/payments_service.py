"""The payments service, with the Stripe stand-in in process and a clock that a test sets."""

import json
from datetime import timedelta
from functools import cached_property
from types import ModuleType
from typing import Any

import boto3
import pytest
from payments import gateway
from tiketz_common import clock, outbox, secrets
from tiketz_common.rows import unpack

from local.stripe import in_process
from local.stripe.machine import Stripe
from local.stripe.webhooks import Delivery
from tests.factories import NOON, order_data
from tests.support.handlers import HttpResponse, LambdaContext, send_request, sqs_record
from tests.support.service import Service

WEBHOOK_SECRET = "whsec_of_the_tests"
SECRET_KEY_PARAMETER = "/tiketz/stripe/secret-key"
WEBHOOK_SECRET_PARAMETER = "/tiketz/stripe/webhook-secret"


class PaymentsService(Service):
    """A payments service without rows, at noon, and the Stripe account it uses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(
            "payments",
            monkeypatch,
            STRIPE_API_BASE="https://api.stripe.com",
            STRIPE_SECRET_KEY_PARAMETER=SECRET_KEY_PARAMETER,
            STRIPE_WEBHOOK_SECRET_PARAMETER=WEBHOOK_SECRET_PARAMETER,
        )
        self.now = NOON
        self.stripe = self.new_stripe()
        for name, value in (
            (SECRET_KEY_PARAMETER, self.stripe.keys.secret),
            (WEBHOOK_SECRET_PARAMETER, WEBHOOK_SECRET),
        ):
            boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
        secrets._cache.clear()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(
            gateway, "connect", lambda key, base, retries: in_process.client(self.stripe, api_key=key)
        )

    def new_stripe(self) -> Stripe:
        """A Stripe account without payments."""
        self.stripe = Stripe(lambda: self.now.timestamp(), webhook_secret=WEBHOOK_SECRET)
        return self.stripe

    @cached_property
    def webhook(self) -> ModuleType:
        return self.function("webhook")

    @cached_property
    def relay(self) -> ModuleType:
        return self.function("relay")

    @cached_property
    def sweeper(self) -> ModuleType:
        return self.function("sweeper")

    # -- events and requests -------------------------------------------------------------------------------

    def consume_order(self, event_type: str, **fields: Any) -> bool:
        """Whether the consumer accepts an order event."""
        return self.consume(sqs_record(event_type, order_data(**fields))) == []

    def pay(self, order_id: str = "o1", user: str | None = "ann", **headers: str) -> HttpResponse:
        return self.request("POST", "/api/payments", {"orderId": order_id}, user=user, headers=headers)

    def show(self, order_id: str = "o1", user: str | None = "ann") -> HttpResponse:
        return self.request("GET", f"/api/payments/{order_id}", user=user)

    def confirm(self, card: str = "pm_card_visa", order_id: str = "o1") -> None:
        """The buyer's browser confirms the payment with a card."""
        response = self.stripe.request(
            "post",
            f"/v1/payment_intents/{self.intent(order_id)['id']}/confirm",
            f"payment_method={card}",
            authorization=f"Bearer {self.stripe.keys.secret}",
        )
        assert response.status in (200, 402), response.body

    def cancel_at_stripe(self, order_id: str = "o1") -> None:
        """Cancel the intent in Stripe's dashboard."""
        self._in_dashboard("cancel", order_id)

    def capture_at_stripe(self, order_id: str = "o1") -> None:
        """Capture the intent in Stripe's dashboard."""
        self._in_dashboard("capture", order_id)

    def _in_dashboard(self, action: str, order_id: str) -> None:
        path = f"/v1/payment_intents/{self.intent(order_id)['id']}/{action}"
        self.stripe.request("post", path, authorization=f"Bearer {self.stripe.keys.secret}")

    def send(self, delivery: Delivery) -> int:
        """One attempt to deliver a webhook; the status of the response."""
        return self.receive(delivery.body, delivery.headers["Stripe-Signature"]).status

    def receive(self, body: str, signature: str | None) -> HttpResponse:
        """Send a body to the webhook handler."""
        headers = {"stripe-signature": signature or "", "content-type": "application/json; charset=utf-8"}
        return send_request(self.webhook.handler, "POST", "/api/payments/webhook", raw=body, headers=headers)

    def webhooks(self) -> list[Delivery]:
        """Deliver all webhooks that are due, each twice, and return them."""
        due = self.stripe.deliveries()
        for delivery in due:
            assert [self.send(delivery), self.send(delivery)] == [200, 200]
            self.stripe.mark_delivered(delivery)
        return due

    def sweep(self, after: timedelta = timedelta(minutes=1, seconds=1)) -> None:
        """Run the sweeper, which has a minute left, after some time."""
        self.now += after
        self.sweeper.handler({"id": "sweep"}, LambdaContext(remaining_ms=60_000))

    def sweep_for_missed(self) -> None:
        """Run the sweeper at the next quarter of an hour, in which it looks for missed webhooks."""
        self.sweep(timedelta(minutes=15 - self.now.minute % 15))

    # -- state and events ----------------------------------------------------------------------------------

    def intents(self, order_id: str = "o1") -> list[dict[str, Any]]:
        """The intents that Stripe has for an order."""
        rows = self.stripe.ledger.rows["payment_intent"].values()
        return [row for row in rows if row["metadata"].get("orderId") == order_id]

    def intent(self, order_id: str = "o1") -> dict[str, Any]:
        [intent] = self.intents(order_id)
        return intent

    def taken(self, order_id: str = "o1") -> int:
        """Minor units captured from the order's buyer and not refunded."""
        intents = {row["id"] for row in self.intents(order_id)}
        charges = [c for c in self.stripe.ledger.rows["charge"].values() if c["payment_intent"] in intents]
        return sum(c["amount"] - c["amount_refunded"] for c in charges if c["captured"])

    def row(self, pk: str = "o1") -> dict[str, Any]:
        response = boto3.client("dynamodb").get_item(TableName=self.table, Key={"pk": {"S": pk}})
        return unpack(response["Item"])

    def status(self, order_id: str = "o1") -> str:
        return str(self.row(order_id)["payment"]["status"])

    def records(self) -> list[outbox.StreamRecord]:
        """Every record of the table's stream."""
        table = boto3.client("dynamodb").describe_table(TableName=self.table)["Table"]
        streams, arn = boto3.client("dynamodbstreams"), table["LatestStreamArn"]
        records: list[outbox.StreamRecord] = []
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            records += streams.get_records(ShardIterator=iterator)["Records"]
        return records

    def published(self) -> list[tuple[str, dict[str, Any]]]:
        """The events that the relay publishes: type and data, in order."""
        entries = [
            outbox.whole_event(unpack(record["dynamodb"]["NewImage"]))
            for record in self.records()
            if outbox.carries_a_new_event(record["dynamodb"], outbox.marked_id)
        ]
        return [(entry["DetailType"], json.loads(entry["Detail"])["data"]) for entry in entries]

    def published_types(self) -> list[str]:
        return [event_type for event_type, _ in self.published()]
