"""The payments service behind its doors, with Stripe played in process and a clock that stands still."""

import json
from datetime import UTC, datetime, timedelta
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
from tests.support import doors, tables

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
WEBHOOK_SECRET = "whsec_of_the_tests"
SECRET_KEY_PARAMETER = "/tiketz/stripe/secret-key"
WEBHOOK_SECRET_PARAMETER = "/tiketz/stripe/webhook-secret"


def order(**fields: Any) -> dict[str, Any]:
    """Ann's order of one ticket of 48.60 euros, as orders tells of it at noon."""
    return {
        "id": "o1",
        "userId": "ann",
        "ticketId": "t1",
        "status": "pending",
        "quantity": 1,
        "total": 4860,
        "currency": "eur",
        "expiresAt": clock.to_wire(NOON + timedelta(minutes=15)),
        "createdAt": clock.to_wire(NOON),
        "extensions": 0,
        "version": 1,
        "reason": None,
        "ticket": {
            "id": "t1",
            "title": "Marble Arcade",
            "price": 4860,
            "startsAt": "2126-12-04T19:00:00.000Z",
            "venue": "Halcyon Hall",
            "city": "Rotterdam",
        },
        **fields,
    }


class Minute(doors.Context):
    """What is left of a minute."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Payments:
    """A payments service that has heard of nothing yet, at noon, and the Stripe account it uses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        self.table = tables.create("payments")
        self.queue = boto3.client("sqs").create_queue(QueueName="payments-inbox")["QueueUrl"]
        self.stripe = self.new_stripe()
        for name, value in (
            (SECRET_KEY_PARAMETER, self.stripe.keys.secret),
            (WEBHOOK_SECRET_PARAMETER, WEBHOOK_SECRET),
        ):
            boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)
        secrets._cache.clear()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(gateway, "connect", lambda key, base: in_process.client(self.stripe, api_key=key))
        self._monkeypatch = monkeypatch
        self._env = {
            "TABLE_NAME": self.table,
            "INBOX_URL": self.queue,
            "EVENT_BUS_NAME": "default",
            "STRIPE_API_BASE": "https://api.stripe.com",
            "STRIPE_SECRET_KEY_PARAMETER": SECRET_KEY_PARAMETER,
            "STRIPE_WEBHOOK_SECRET_PARAMETER": WEBHOOK_SECRET_PARAMETER,
        }

    def __getattr__(self, name: str) -> ModuleType:
        """A door, imported when it is first used: `api`, `webhook`, `consumer`, `relay`, `sweeper`."""
        if name not in ("api", "webhook", "consumer", "relay", "sweeper"):
            raise AttributeError(name)
        door = doors.load(f"payments.{name}", self._env, self._monkeypatch)
        setattr(self, name, door)
        return door

    def new_stripe(self) -> Stripe:
        """An account without a past."""
        self.stripe = Stripe(lambda: self.now.timestamp(), webhook_secret=WEBHOOK_SECRET)
        return self.stripe

    # -- what happens to it --------------------------------------------------------------------------------

    def with_order(self, kind: str, **fields: Any) -> bool:
        """Deliver an order event, through a real queue: a failed one is given back. Whether it was taken."""
        sqs = boto3.client("sqs")
        message = doors.message(kind, order(**fields))
        sqs.send_message(QueueUrl=self.queue, MessageBody=message["body"])
        [received] = sqs.receive_message(QueueUrl=self.queue)["Messages"]
        message["receiptHandle"] = received["ReceiptHandle"]
        message["eventSourceARN"] = "arn:aws:sqs:eu-west-1:123456789012:payments-inbox"
        failed = doors.deliver(self.consumer.handler, message)
        sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=received["ReceiptHandle"])
        return not failed

    def call(self, method: str, path: str, body: Any = None, **how: Any) -> doors.Answer:
        return doors.call(self.api.handler, method, path, body, **how)

    def pay(self, order_id: str = "o1", user: str | None = "ann") -> doors.Answer:
        return self.call("POST", "/api/payments", {"orderId": order_id}, user=user)

    def show(self, order_id: str = "o1", user: str | None = "ann") -> doors.Answer:
        return self.call("GET", f"/api/payments/{order_id}", user=user)

    def confirm(self, card: str = "pm_card_visa", order_id: str = "o1") -> None:
        """The buyer's browser pays with a card."""
        answer = self.stripe.request(
            "post",
            f"/v1/payment_intents/{self.intent(order_id)['id']}/confirm",
            f"payment_method={card}",
            authorization=f"Bearer {self.stripe.keys.secret}",
        )
        assert answer.status in (200, 402), answer.body

    def cancel_at_stripe(self, order_id: str = "o1") -> None:
        """Somebody presses Cancel on Stripe's site."""
        self._at_stripe("cancel", order_id)

    def capture_at_stripe(self, order_id: str = "o1") -> None:
        """Somebody presses Capture on Stripe's site."""
        self._at_stripe("capture", order_id)

    def _at_stripe(self, act: str, order_id: str) -> None:
        path = f"/v1/payment_intents/{self.intent(order_id)['id']}/{act}"
        self.stripe.request("post", path, authorization=f"Bearer {self.stripe.keys.secret}")

    def send(self, delivery: Delivery) -> int:
        """One attempt of Stripe's to deliver a webhook; the status it was answered."""
        return self.receive(delivery.body, delivery.headers["Stripe-Signature"]).status

    def receive(self, body: str, signature: str | None) -> doors.Answer:
        headers = {"stripe-signature": signature or "", "content-type": "application/json; charset=utf-8"}
        return doors.call(self.webhook.handler, "POST", "/api/payments/webhook", raw=body, headers=headers)

    def webhooks(self) -> list[Delivery]:
        """Deliver all webhooks that are due, twice each; those that were delivered."""
        due = self.stripe.deliveries()
        for delivery in due:
            assert [self.send(delivery), self.send(delivery)] == [200, 200]
            self.stripe.mark_delivered(delivery)
        return due

    def sweep(self, after: timedelta = timedelta(minutes=1, seconds=1)) -> None:
        self.now += after
        self.sweeper.handler({"id": "sweep"}, Minute())

    # -- what is to be seen --------------------------------------------------------------------------------

    def intents(self, order_id: str = "o1") -> list[dict[str, Any]]:
        """The intents that Stripe has for an order."""
        rows = self.stripe.ledger.rows["payment_intent"].values()
        return [row for row in rows if row["metadata"].get("orderId") == order_id]

    def intent(self, order_id: str = "o1") -> dict[str, Any]:
        [found] = self.intents(order_id)
        return found

    def taken(self, order_id: str = "o1") -> int:
        """Minor units that the order's buyer is out of pocket."""
        intents = {row["id"] for row in self.intents(order_id)}
        charges = [c for c in self.stripe.ledger.rows["charge"].values() if c["payment_intent"] in intents]
        return sum(c["amount"] - c["amount_refunded"] for c in charges if c["captured"])

    def row(self, order_id: str = "o1") -> dict[str, Any]:
        found = boto3.client("dynamodb").get_item(TableName=self.table, Key={"pk": {"S": order_id}})
        return unpack(found["Item"])

    def status(self, order_id: str = "o1") -> str:
        return str(self.row(order_id)["payment"]["status"])

    def records(self) -> list[outbox.StreamRecord]:
        """All that the table's stream holds."""
        table = boto3.client("dynamodb").describe_table(TableName=self.table)["Table"]
        streams = boto3.client("dynamodbstreams")
        found: list[outbox.StreamRecord] = []
        for shard in streams.describe_stream(StreamArn=table["LatestStreamArn"])["StreamDescription"][
            "Shards"
        ]:
            iterator = streams.get_shard_iterator(
                StreamArn=table["LatestStreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            found += streams.get_records(ShardIterator=iterator)["Records"]
        return found

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """The events that the relay publishes: name and data, in order."""
        entries = [entry for record in self.records() if (entry := outbox.changed_event(record))]
        return [(entry["DetailType"], json.loads(entry["Detail"])["data"]) for entry in entries]

    def names(self) -> list[str]:
        return [name for name, _ in self.told()]
