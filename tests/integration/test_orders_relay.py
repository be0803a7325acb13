"""Orders' stream relay: which changes of its rows it publishes, and how often."""

import json
from typing import Any

import boto3
import pytest
from tiketz_common.rows import pack

from tests.support.handlers import LambdaContext
from tests.support.service import Service


@pytest.fixture
def published(orders: Service) -> Any:
    """What the relay puts on the bus for some images of one ticket's inventory row, each after the other."""

    def relay(*images: dict[str, Any]) -> list[tuple[int, int]]:
        bus, queues = boto3.client("events"), boto3.client("sqs")
        inbox = queues.create_queue(QueueName="messages")["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]
        bus.put_rule(Name="all", EventPattern=json.dumps({"source": ["tiketz.orders"]}))
        bus.put_targets(Rule="all", Targets=[{"Id": "messages", "Arn": arn["QueueArn"]}])
        pairs = zip([None, *images], images, strict=False)
        records = [record(str(number), new, old) for number, (old, new) in enumerate(pairs)]
        assert orders.function("relay").handler({"Records": records}, LambdaContext()) == {
            "batchItemFailures": []
        }
        messages = queues.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10).get("Messages", [])
        data = [json.loads(each["Body"])["detail"]["data"] for each in messages]
        return sorted((each["inventoryVersion"], each["held"]) for each in data)

    return relay


def record(number: str, new: dict[str, Any], old: dict[str, Any] | None) -> dict[str, Any]:
    images = {"NewImage": pack(new), **({"OldImage": pack(old)} if old else {})}
    return {"dynamodb": {"SequenceNumber": number, "Keys": pack({"pk": new["pk"]}), **images}}


def inventory(version: int, held: int = 0, **edited: Any) -> dict[str, Any]:
    """An inventory row of three units."""
    units = {"quantity": 3, "available": 3 - held, "held": held, "sold": 0, "inventoryVersion": version}
    at = {"changedAt": "2026-07-01T12:00:00.000Z", "correlationId": "c1"}
    return {"pk": "TICKET#t1", "price": 4860, **units, **at, **edited}


def test_only_the_last_change_of_an_inventory_is_published(published: Any) -> None:
    assert published(inventory(1), inventory(2, held=1), inventory(3, held=2)) == [(3, 2)]


def test_an_edit_publishes_no_inventory(published: Any) -> None:
    assert published(inventory(1), inventory(1, price=5000)) == [(1, 0)]


def test_an_edit_after_a_change_of_units_does_not_hide_it(published: Any) -> None:
    assert published(inventory(1), inventory(2, held=1), inventory(2, held=1, price=5000)) == [(2, 1)]
