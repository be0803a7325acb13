"""Events go from a row's stream over the bus into queues and to consumers; what fails is kept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from local.aws.process import ApplicationProcess
from tests.local.aws.notes import BUS

Call = Callable[..., requests.Response]
Eventually = Callable[..., Any]


def queue_url(notes: ApplicationProcess, name: str) -> str:
    """A queue's URL, by its logical id."""
    queues = notes.client("sqs").list_queues(QueueNamePrefix=f"local-notes-{name}-")["QueueUrls"]
    return str(queues[0])


@pytest.fixture
def received(notes: ApplicationProcess) -> Callable[[str], list[dict[str, Any]]]:
    """Receives the events of a type that were published since the test began."""
    sqs, events = notes.client("sqs"), notes.client("events")
    name = f"test-{uuid4().hex}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps({"source": ["notes"]}))
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_targets(Rule=name, EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    kept: list[dict[str, Any]] = []

    def receive(detail_type: str) -> list[dict[str, Any]]:
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["SentTimestamp"]
        ).get("Messages"):
            for each in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
                kept.append({**json.loads(each["Body"]), "sent": int(each["Attributes"]["SentTimestamp"])})
        return [each for each in kept if each["detail-type"] == detail_type]

    return receive


def test_a_written_note_reaches_its_consumer(call: Call, eventually: Eventually) -> None:
    assert call("POST", "/api/notes", json={"id": "one"}).status_code == 201
    eventually(lambda: call("GET", "/api/notes/one").json()["events"] == 1)
    assert call("GET", "/api/notes/one").json()["owner"] == "ann"


def test_poison_goes_to_the_on_failure_queue_and_others_pass(
    call: Call, notes: ApplicationProcess, eventually: Eventually
) -> None:
    for note in ("before", "poison", "after"):
        call("POST", "/api/notes", json={"id": note})
    eventually(lambda: call("GET", "/api/notes/after").json()["events"] == 1, seconds=30)
    eventually(lambda: call("GET", "/api/notes/before").json()["events"] >= 1)  # once for each attempt
    messages = eventually(
        lambda: notes.client("sqs").receive_message(QueueUrl=queue_url(notes, "RelayFailed")).get("Messages")
    )
    pointer = json.loads(messages[0]["Body"])
    assert pointer["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert pointer["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "poison" not in messages[0]["Body"]


def test_a_message_that_always_fails_ends_alone_in_the_dead_letter_queue(
    call: Call, notes: ApplicationProcess, eventually: Eventually
) -> None:
    call("POST", "/api/notes", json={"id": "unreadable"})
    call("POST", "/api/notes", json={"id": "readable"})
    eventually(lambda: call("GET", "/api/notes/readable").json()["events"] == 1)
    messages = eventually(
        lambda: notes.client("sqs").receive_message(QueueUrl=queue_url(notes, "InboxDead")).get("Messages"),
        seconds=30,
    )
    assert json.loads(messages[0]["Body"])["detail"]["data"]["id"] == "unreadable"


def test_fifty_waits_all_end_on_time(
    call: Call, received: Callable[[str], list[dict[str, Any]]], eventually: Eventually
) -> None:
    started = datetime.now(UTC)
    at = started.replace(microsecond=0) + timedelta(seconds=20)
    for number in range(50):
        body = {"id": f"late-{number}", "remindAt": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        call("POST", "/api/notes", json=body)
    requesting = datetime.now(UTC) - started
    assert started + requesting < at, "too slow to say anything"

    def reminded() -> list[dict[str, Any]]:
        events = received("Reminded")
        return events if len(events) == 50 else []

    ended = [datetime.fromtimestamp(each["sent"] / 1000, UTC) for each in eventually(reminded, seconds=40)]
    assert at <= min(ended)
    # Two seconds, or three times what the requests took where a busy machine took longer.
    assert max(ended) <= at + max(timedelta(seconds=2), 3 * requesting)


def test_an_unknown_access_key_is_allowed_nothing(notes: ApplicationProcess) -> None:
    sqs = boto3.client(
        "sqs",
        endpoint_url=notes.info["aws"],
        region_name="eu-west-1",
        aws_access_key_id="AKIAUNKNOWN000000000",
        aws_secret_access_key="x",
    )
    with pytest.raises(ClientError, match="not authorized to perform: sqs:SendMessage"):
        sqs.send_message(QueueUrl=queue_url(notes, "Inbox"), MessageBody="x")
