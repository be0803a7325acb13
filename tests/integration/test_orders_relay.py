"""Orders' outbox door: which changes of its rows it tells, and how often."""

import json
from typing import Any

import boto3
import pytest
from tiketz_common.rows import pack

from tests.support.handlers import LambdaContext
from tests.support.service import Service


@pytest.fixture
def told(orders: Service) -> Any:
    """What the relay puts on the bus for some images of one ticket's inventory row, each after the other."""

    def relay(*images: dict[str, Any]) -> list[tuple[int, int]]:
        bus, queues = boto3.client("events"), boto3.client("sqs")
        inbox = queues.create_queue(QueueName="heard")["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]
        bus.put_rule(Name="all", EventPattern=json.dumps({"source": ["tiketz.orders"]}))
        bus.put_targets(Rule="all", Targets=[{"Id": "heard", "Arn": arn["QueueArn"]}])
        pairs = zip([None, *images], images, strict=False)
        records = [record(str(number), new, old) for number, (old, new) in enumerate(pairs)]
        assert orders.function("relay").handler({"Records": records}, LambdaContext()) == {
            "batchItemFailures": []
        }
        heard = queues.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10).get("Messages", [])
        data = [json.loads(each["Body"])["detail"]["data"] for each in heard]
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


def test_the_last_of_a_tickets_moves_is_told_alone(told: Any) -> None:
    assert told(inventory(1), inventory(2, held=1), inventory(3, held=2)) == [(3, 2)]


def test_an_edit_is_no_move(told: Any) -> None:
    assert told(inventory(1), inventory(1, price=5000)) == [(1, 0)]


def test_an_edit_right_after_a_move_does_not_hide_it(told: Any) -> None:
    assert told(inventory(1), inventory(2, held=1), inventory(2, held=1, price=5000)) == [(2, 1)]
