"""The inbox: what it does with a message that fails, with poison, and with a batch that takes too long."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import BaseModel
from tiketz_common import aws, clock
from tiketz_common.errors import Busy, Unavailable
from tiketz_common.inbox import Inbox

from tests.support.handlers import LambdaContext, sqs_record

SENT = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012"


class Sqs:
    """SQS: what it was asked to hide, by message, and its dead letters."""

    def __init__(self) -> None:
        self.hidden: dict[str, int] = {}
        self.dead: list[str] = []
        self.error: Exception | None = None

    def change_message_visibility(self, **params: Any) -> None:
        if self.error:
            raise self.error
        assert params["QueueUrl"] == f"{QUEUES}/inbox"
        self.hidden[params["ReceiptHandle"]] = params["VisibilityTimeout"]

    def send_message(self, **params: Any) -> None:
        if self.error:
            raise self.error
        assert params["QueueUrl"] == f"{QUEUES}/inbox-dead"
        self.dead.append(params["MessageBody"])


class Sold(BaseModel):
    id: str


@dataclass
class Consumer:
    """A consumer whose messages take `seconds` each and raise `errors`, by id."""

    inbox: Inbox
    errors: dict[str, Exception]
    handled: list[str]
    context: Any
    seconds: float = 0.0

    def take(self, *records: dict[str, Any]) -> list[str]:
        """The ids of the messages that SQS keeps."""
        response = self.inbox.resolve({"Records": list(records)}, self.context)
        kept = {each["itemIdentifier"] for each in response["batchItemFailures"]}
        return [each["receiptHandle"] for each in records if each["messageId"] in kept]


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Sqs:
    queue = Sqs()
    monkeypatch.setattr(aws, "client", lambda service: {"sqs": queue}[service])
    return queue


@pytest.fixture
def consumer(sqs: Sqs) -> Consumer:
    """A consumer of `Sold` with 15 seconds for each message, and 60 left."""
    inbox = Inbox(f"{QUEUES}/inbox", f"{QUEUES}/inbox-dead", message_seconds=15)
    subject = Consumer(inbox, {}, [], LambdaContext())

    @inbox.on(Sold, "Sold")
    def sold(event: Sold) -> None:
        subject.context.remaining_ms -= int(subject.seconds * 1000)
        if event.id in subject.errors:
            raise subject.errors[event.id]
        subject.handled.append(event.id)

    return subject


def message(name: str, received: int = 1, data: Any = None) -> dict[str, Any]:
    record = sqs_record("Sold", data or {"id": name}, received=received)
    return record | {"receiptHandle": name}


THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "PutItem")


def test_one_failure_leaves_the_rest_of_the_batch_alone(consumer: Consumer, sqs: Sqs) -> None:
    consumer.errors["b"] = THROTTLED
    assert consumer.take(message("a"), message("b"), message("c")) == ["b"]
    assert consumer.handled == ["a", "c"]
    assert list(sqs.hidden) == ["b"]


def test_contention_is_retried_soon_and_an_outage_ever_later(consumer: Consumer, sqs: Sqs) -> None:
    consumer.errors |= {"busy": Busy("In a moment."), "out": THROTTLED}
    consumer.take(message("busy", received=4), message("out", received=12))
    assert sqs.hidden["busy"] == 8
    assert 450 <= sqs.hidden["out"] <= 900


def test_poison_is_dead_lettered_at_its_fifth_failure(consumer: Consumer, sqs: Sqs) -> None:
    consumer.errors["p"] = KeyError("price")
    for received in range(1, 5):
        assert consumer.take(message("p", received)) == ["p"]
        assert sqs.dead == []
    fifth = message("p", 5)
    assert consumer.take(fifth) == []
    assert sqs.dead == [fifth["body"]]


def test_what_does_not_fit_the_schema_is_poison(consumer: Consumer, sqs: Sqs) -> None:
    malformed = message("m", 5, data={"id": 7})
    assert consumer.take(malformed) == []
    no_json, unknown = message("x", 5), message("y", 5)
    no_json["body"] = "not json"
    unknown["body"] = unknown["body"].replace("Sold", "Unheard")
    assert consumer.take(no_json, unknown) == []
    assert sqs.dead == [malformed["body"], "not json", unknown["body"]]


@pytest.mark.parametrize(
    "error", [THROTTLED, EndpointConnectionError(endpoint_url="x"), Unavailable("Stripe is out of reach.")]
)
def test_an_outage_never_dead_letters(consumer: Consumer, sqs: Sqs, error: Exception) -> None:
    consumer.errors["a"] = error
    for received in range(1, 101):
        assert consumer.take(message("a", received)) == ["a"]
    assert sqs.dead == []


def test_poison_stays_where_the_dead_letter_queue_fails(consumer: Consumer, sqs: Sqs) -> None:
    consumer.errors["p"] = KeyError("price")
    sqs.error = THROTTLED
    assert consumer.take(message("p", 5)) == ["p"]


def test_what_no_longer_fits_is_handed_back_untouched(consumer: Consumer, sqs: Sqs) -> None:
    """Each takes ten seconds: four fit into sixty where a fifth might take fifteen."""
    consumer.seconds = 10
    names = [f"m{number}" for number in range(10)]
    assert consumer.take(*map(message, names)) == names[5:]
    assert consumer.handled == names[:5]
    assert sqs.hidden == dict.fromkeys(names[5:], 0)
    assert sqs.dead == []


def test_a_message_that_was_handed_back_often_comes_first(consumer: Consumer, sqs: Sqs) -> None:
    """However often it was received, none is dead-lettered unstarted."""
    consumer.seconds = 50
    fresh = [message(f"f{number}") for number in range(9)]
    assert consumer.take(*fresh, message("old", received=99)) == [each["receiptHandle"] for each in fresh]
    assert consumer.handled == ["old"]


def test_every_message_of_slow_batches_is_handled_in_time(consumer: Consumer, sqs: Sqs) -> None:
    """Thirty messages, of which each batch of ten has time for one: none is received a hundred times."""
    consumer.seconds = 50
    waiting = {f"m{number}": 0 for number in range(30)}
    while waiting:
        batch = sorted(waiting, key=lambda name: (waiting[name], name))[:10]  # SQS prefers none
        consumer.context.remaining_ms = 60_000
        for name in batch:
            waiting[name] += 1
        kept = consumer.take(*(message(name, waiting[name]) for name in batch))
        for name in set(batch) - set(kept):
            del waiting[name]
        assert max(waiting.values(), default=0) < 100
    assert len(consumer.handled) == 30
    assert sqs.dead == []


def test_how_long_a_message_fails_is_a_metric(
    consumer: Consumer, sqs: Sqs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    consumer.errors["a"] = THROTTLED
    for minutes, expected in ((0.5, []), (20, [1200])):
        at = SENT.timestamp() + minutes * 60
        monkeypatch.setattr(clock, "now", lambda at=at: datetime.fromtimestamp(at, UTC))
        capsys.readouterr()
        consumer.take(message("a", 3))
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        ages = [line for line in lines if "_aws" in line]
        assert [each["RetriedMessageAge"] for each in ages] == ([expected] if expected else [])
        assert {each["QueueName"] for each in ages} <= {"inbox"}
