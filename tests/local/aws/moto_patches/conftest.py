"""An event bus in this process."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.aws.moto_patches import apply_patches


@pytest.fixture
def bus() -> Iterator[str]:
    """The ARN of a bus that archives every event and delivers it to a queue."""
    apply_patches()
    with mock_aws():
        events, sqs = boto3.client("events"), boto3.client("sqs")
        arn = events.create_event_bus(Name="bus")["EventBusArn"]
        sqs.create_queue(QueueName="queue")
        events.put_rule(Name="all", EventBusName="bus", EventPattern='{"source": ["test"]}')
        queue = "arn:aws:sqs:eu-west-1:123456789012:queue"
        events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "queue", "Arn": queue}])
        events.create_archive(ArchiveName="archive", EventSourceArn=arn)
        yield str(arn)


@pytest.fixture
def publish(bus: str) -> Callable[..., None]:
    """Publishes an event with a detail, and the time that it claims."""

    def put(detail: dict[str, Any], at: datetime | None = None) -> None:
        entry = {"Source": "test", "DetailType": "T", "Detail": json.dumps(detail), "EventBusName": "bus"}
        boto3.client("events").put_events(Entries=[entry | ({"Time": at} if at else {})])

    return put


@pytest.fixture
def delivered(bus: str) -> Callable[[], list[Any]]:
    """Takes the details of all events out of the queue."""

    def receive() -> list[Any]:
        sqs = boto3.client("sqs")
        url = sqs.get_queue_url(QueueName="queue")["QueueUrl"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for each in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"])["detail"] for each in messages]

    return receive
