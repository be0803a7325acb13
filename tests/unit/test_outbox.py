"""The stream relay: what it retries, what it sends to the failure queue, and where it starts again."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from tiketz_common import aws, outbox
from tiketz_common.rows import pack

from tests.support.handlers import LambdaContext

FAILED = "https://sqs.eu-west-1.amazonaws.com/123456789012/relay-failed"
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "PutEvents")
TOO_LARGE = ClientError({"Error": {"Code": "ValidationException", "Message": "too large"}}, "PutEvents")


class Bus:
    """EventBridge and the failure queue: refuses events by id, with a code, a number of times."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.pointers: list[dict[str, Any]] = []
        self.refusals: dict[str, tuple[str, int]] = {}  # a code, and how often
        self.error: Exception | None = None  # of a whole call
        self.oversized: set[str] = set()  # events that make any call with them fail
        self.queue_error: Exception | None = None
        self.calls = 0

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # as boto3 names it
        self.calls += 1
        ids = [json.loads(each["Detail"])["eventId"] for each in Entries]
        if self.error:
            raise self.error
        if self.oversized & set(ids):
            raise TOO_LARGE
        results = [self._put(each) for each in ids]
        return {"FailedEntryCount": sum("ErrorCode" in each for each in results), "Entries": results}

    def _put(self, event_id: str) -> dict[str, str]:
        code, times = self.refusals.get(event_id, ("", 0))
        if times:
            self.refusals[event_id] = code, times - 1
            return {"ErrorCode": code, "ErrorMessage": "no"}
        self.published.append(event_id)
        return {"EventId": event_id}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        assert QueueUrl == FAILED
        if self.queue_error:
            raise self.queue_error
        self.pointers.append(json.loads(MessageBody))


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    played = Bus()
    monkeypatch.setattr(aws, "client", lambda service: {"events": played, "sqs": played}[service])
    monkeypatch.setattr("tiketz_common.outbox.time.sleep", lambda _: None)
    return played


@pytest.fixture
def relay() -> outbox.Relay:
    return outbox.Relay("tiketz", FAILED, outbox.whole_event)


def record(number: int, **marker: Any) -> dict[str, Any]:
    """A stream record of a new row whose event is `e<number>`."""
    name = f"e{number}"
    event = {"id": name, "type": "Sold", "source": "tiketz.test", "detail": json.dumps({"eventId": name})}
    row = {"pk": f"ROW#{number}", "event": event | marker}
    change = {"SequenceNumber": str(number), "Keys": pack({"pk": row["pk"]}), "NewImage": pack(row)}
    return {"dynamodb": change | {"ApproximateCreationDateTime": 1_782_907_200.0}}


def handle(relay: outbox.Relay, *records: dict[str, Any], context: Any = None) -> str | None:
    """The sequence number to start again from."""
    failures = relay.handle({"Records": list(records)}, context or LambdaContext())["batchItemFailures"]
    assert len(failures) <= 1
    return failures[0]["itemIdentifier"] if failures else None


@pytest.mark.parametrize("code", sorted(outbox.LASTING))
def test_an_event_that_is_refused_lastingly_blocks_no_other(bus: Bus, relay: outbox.Relay, code: str) -> None:
    bus.refusals["e2"] = code, 1_000
    assert handle(relay, record(1), record(2), record(3)) is None
    assert bus.published == ["e1", "e3"]
    [pointer] = bus.pointers
    assert pointer["DDBStreamBatchInfo"] == {
        "startSequenceNumber": "2",
        "endSequenceNumber": "2",
        "approximateArrivalOfFirstRecord": "2026-07-01T12:00:00.000Z",
        "batchSize": 1,
    }
    assert code in pointer["reason"]


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "AccessDeniedException", "New"])
def test_every_other_refusal_is_retried_from_that_record(bus: Bus, relay: outbox.Relay, code: str) -> None:
    bus.refusals["e2"] = code, 1_000
    assert handle(relay, record(1), record(2), record(3)) == "2"
    assert bus.pointers == []
    bus.refusals.clear()
    assert handle(relay, record(2), record(3)) is None
    assert bus.published.count("e2") == 1


def test_a_short_refusal_is_retried_at_once(bus: Bus, relay: outbox.Relay) -> None:
    bus.refusals["e2"] = "InternalFailure", 2
    assert handle(relay, record(1), record(2)) is None
    assert sorted(bus.published) == ["e1", "e2"]


def test_an_oversized_event_is_found_among_its_neighbours(bus: Bus, relay: outbox.Relay) -> None:
    bus.oversized = {"e2"}
    assert handle(relay, *map(record, range(1, 6))) is None
    assert bus.published == ["e1", "e3", "e4", "e5"]
    assert [each["DDBStreamBatchInfo"]["startSequenceNumber"] for each in bus.pointers] == ["2"]


def test_a_row_that_makes_no_event_blocks_no_other(bus: Bus) -> None:
    def to_event(row: dict[str, Any]) -> outbox.Entry:
        if row["pk"] == "ROW#1":
            raise KeyError("status")
        return outbox.whole_event(row)

    assert handle(outbox.Relay("tiketz", FAILED, to_event), record(1), record(2)) is None
    assert bus.published == ["e2"]
    assert bus.pointers[0]["reason"] == "KeyError('status')"


@pytest.mark.parametrize("error", [THROTTLED, EndpointConnectionError(endpoint_url="https://events")])
def test_an_outage_loses_nothing_and_fails_nothing(bus: Bus, relay: outbox.Relay, error: Exception) -> None:
    bus.error = error
    assert handle(relay, record(1), record(2)) == "1"
    assert bus.pointers == []


def test_a_record_that_can_not_be_set_aside_is_kept(bus: Bus, relay: outbox.Relay) -> None:
    bus.refusals["e1"] = "MalformedDetail", 1_000
    bus.queue_error = THROTTLED
    assert handle(relay, record(1), record(2)) == "1"


def test_a_batch_that_does_not_fit_the_time_goes_on_later(bus: Bus, relay: outbox.Relay) -> None:
    assert handle(relay, *map(record, range(1, 31)), context=LambdaContext(remaining_ms=14_000)) == "1"
    assert bus.published == []
