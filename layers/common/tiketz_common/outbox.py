"""Transactional outbox: an event is an attribute of the row whose change it reports, relayed from the stream.

A row's `event` attribute is its marker (`events.marker`). The relay publishes a stream record where the new
image carries another event than the old one; a service's `to_event(row)` makes the entry.

This module does not import pydantic: a relay that publishes whole events starts in half the time without.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from tiketz_common import aws, clock, failures, metrics
from tiketz_common.log import logger
from tiketz_common.rows import Row, unpack

ATTEMPTS = 3
BATCH = 10  # PutEvents takes at most ten entries
BATCH_MS = 15_000  # a call that gives up after all its attempts, and a message to the failure queue

LASTING = {
    "InvalidArgument",
    "MalformedDetail",
    "NotAuthorizedForDetailTypeException",
    "NotAuthorizedForSourceException",
    "RedactionFailure",
}
"""Why EventBridge refuses an entry that it will refuse again. Every other code is retried: those that AWS
calls retryable, and those of the account or its permissions, which a person corrects while the stream waits
(https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html)."""
MALFORMED = "ValidationException"  # of a whole call: an entry is malformed, or all together are too large

Image = dict[str, Any]
"""A row as DynamoDB's attribute values."""
StreamRecord = dict[str, Any]


class Entry(TypedDict):
    """One event as PutEvents takes it."""

    Source: str
    DetailType: str
    Detail: str


Pair = tuple[StreamRecord, Entry]
ToEvent = Callable[[Row], Entry]
"""The event that a row carries."""
EventId = Callable[[Image], str | None]
"""The id of the event that a row carries; None for a row that carries none."""
Measure = Callable[[Entry], Mapping[str, float]]
"""The metrics that an event adds to, each with its value."""


class Unpublished(Exception):
    """EventBridge or the failure queue is out of reach: records are left that are to come again."""


class Progress:
    """A batch so far: the sequence numbers of the records that are done, and the published entries."""

    def __init__(self) -> None:
        self.done: set[str] = set()
        self.published: list[Entry] = []


def marked_id(image: Image) -> str | None:
    """The id in a row's marker."""
    event_id: str | None = image.get("event", {}).get("M", {}).get("id", {}).get("S")
    return event_id


def whole_event(row: Row) -> Entry:
    """The event of a row whose marker holds it whole."""
    marker = row["event"]
    return {"Source": marker["source"], "DetailType": marker["type"], "Detail": marker["detail"]}


def unmeasured(_: Entry) -> Mapping[str, float]:
    """No event adds to a metric."""
    return {}


class Relay:
    """Publishes the new events of a table's stream records on `bus`.

    A record that can't be published by any retry goes to the queue at `failed_url` and blocks no other: one
    that EventBridge refuses for what it says, and one that `to_event` fails on.
    """

    def __init__(
        self,
        bus: str,
        failed_url: str,
        to_event: ToEvent,
        *,
        event_id: EventId = marked_id,
        measure: Measure = unmeasured,
    ) -> None:
        self._bus, self._failed_url = bus, failed_url
        self._to_event, self._event_id, self._measure = to_event, event_id, measure

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Publish a batch of stream records; returns from which to start again (ReportBatchItemFailures).

        Every record before that one is published or in the failure queue; the next few may be published, and
        measured, twice. It stops where EventBridge is out of reach or the time runs out.
        """
        records: list[StreamRecord] = [
            each for each in event["Records"] if carries_a_new_event(each["dynamodb"], self._event_id)
        ]
        progress = Progress()
        with suppress(Unpublished):
            for start in range(0, len(records), BATCH):
                if context.get_remaining_time_in_millis() < BATCH_MS:
                    break
                self._publish(records[start : start + BATCH], progress)
        self._report(progress.published)
        left = [number for number in map(_number, records) if number not in progress.done]
        return {"batchItemFailures": [{"itemIdentifier": left[0]}] if left else []}

    def _publish(self, records: list[StreamRecord], progress: Progress) -> None:
        """Publish up to ten records. Raises Unpublished."""
        pairs: list[Pair] = []
        for record in records:
            try:
                pairs.append((record, self._to_event(unpack(record["dynamodb"]["NewImage"]))))
            except failures.PROGRAMMING_ERRORS as error:
                self._set_aside(record, repr(error), progress)
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(0.05 * 2**attempt)
            pairs = self._put(pairs, progress)
            if not pairs:
                return
        raise Unpublished

    def _put(self, pairs: list[Pair], progress: Progress) -> list[Pair]:
        """One PutEvents; the entries that may be retried. Raises Unpublished."""
        if not pairs:
            return []
        try:
            response = aws.client("events").put_events(
                Entries=[{**entry, "EventBusName": self._bus} for _, entry in pairs]
            )
        except (BotoCoreError, ClientError) as error:
            return self._put_one_by_one(pairs, progress, error)
        retryable = []
        for (record, entry), result in zip(pairs, response["Entries"], strict=True):
            if "ErrorCode" not in result:
                progress.published.append(entry)
                progress.done.add(_number(record))
            elif result["ErrorCode"] in LASTING:
                self._set_aside(record, f"{result['ErrorCode']}: {result.get('ErrorMessage')}", progress)
            else:
                retryable.append((record, entry))
        return retryable

    def _put_one_by_one(self, pairs: list[Pair], progress: Progress, error: Exception) -> list[Pair]:
        """After a call that failed as a whole: where one entry may be the cause, find it; else give up."""
        malformed = isinstance(error, ClientError) and error.response["Error"]["Code"] == MALFORMED
        if not malformed:
            logger.warning("PutEvents failed", error=str(error))
            raise Unpublished from error
        if len(pairs) == 1:
            self._set_aside(pairs[0][0], str(error), progress)
            return []
        return [left for pair in pairs for left in self._put([pair], progress)]

    def _set_aside(self, record: StreamRecord, reason: str, progress: Progress) -> None:
        """Send a pointer to the failure queue, shaped as Lambda's own. Raises Unpublished.

        `make republish` starts from the row, so all it needs of the pointer is a time
        (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
        """
        change, number = record["dynamodb"], _number(record)
        arrived = datetime.fromtimestamp(
            change.get("ApproximateCreationDateTime", clock.now().timestamp()), UTC
        )
        pointer = {
            "requestContext": {"condition": "RecordRefused"},
            "reason": reason,
            "DDBStreamBatchInfo": {
                "startSequenceNumber": number,
                "endSequenceNumber": number,
                "approximateArrivalOfFirstRecord": clock.to_wire(arrived),
                "batchSize": 1,
            },
        }
        logger.error("record not published", keys=change["Keys"], reason=reason)
        try:
            aws.client("sqs").send_message(QueueUrl=self._failed_url, MessageBody=json.dumps(pointer))
        except (BotoCoreError, ClientError) as error:
            raise Unpublished from error
        progress.done.add(number)

    def _report(self, published: list[Entry]) -> None:
        values: defaultdict[str, list[float]] = defaultdict(list)
        for entry in published:
            for name, value in self._measure(entry).items():
                values[name].append(value)
        metrics.emit(self._bus, values)


def carries_a_new_event(change: dict[str, Image], event_id: EventId) -> bool:
    """Whether the new image of a stream record carries an event that the old one does not."""
    new = event_id(change.get("NewImage", {}))
    return new is not None and new != event_id(change.get("OldImage", {}))


def _number(record: StreamRecord) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
