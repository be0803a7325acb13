"""Transactional outbox: an event is an attribute of the row whose change it reports, relayed from the stream.

A row's `event` attribute is its marker (`events.marker`). The relay publishes a stream record where the new
image carries another event than the old one; a service's `to_event(row)` makes the entry.

This module does not import pydantic: a relay that publishes whole events starts in half the time without.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

from tiketz_common import aws, metrics
from tiketz_common.rows import Row, unpack

ATTEMPTS = 3
BATCH = 10  # PutEvents takes at most ten entries

Image = dict[str, Any]
"""A row as DynamoDB's attribute values."""
StreamRecord = dict[str, Any]


class Entry(TypedDict):
    """One event as PutEvents takes it."""

    Source: str
    DetailType: str
    Detail: str


ToEvent = Callable[[Row], Entry]
"""The event that a row carries."""
EventId = Callable[[Image], str | None]
"""The id of the event that a row carries; None for a row that carries none."""
Measure = Callable[[Entry], Mapping[str, float]]
"""The metrics that an event adds to, each with its value."""


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


def relay(
    event: dict[str, Any],
    bus: str,
    to_event: ToEvent,
    *,
    event_id: EventId = marked_id,
    measure: Measure = unmeasured,
) -> dict[str, Any]:
    """Publish the new events of a batch of stream records on `bus`.

    Returns from which record to start again (ReportBatchItemFailures). Every record before the first that
    failed is published; later ones may be published, and measured, twice.
    """
    records: list[StreamRecord] = event["Records"]
    entries = [
        (record, to_event(unpack(record["dynamodb"]["NewImage"])))
        for record in records
        if carries_a_new_event(record["dynamodb"], event_id)
    ]
    failed = [
        record
        for start in range(0, len(entries), BATCH)
        for record in _put(entries[start : start + BATCH], bus)
    ]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in failed]
    published = [entry for record, entry in entries if record["dynamodb"]["SequenceNumber"] not in numbers]
    _report(bus, measure, published)
    return {"batchItemFailures": [{"itemIdentifier": numbers[0]}] if numbers else []}


def carries_a_new_event(change: dict[str, Image], event_id: EventId) -> bool:
    """Whether the new image of a stream record carries an event that the old one does not."""
    new = event_id(change.get("NewImage", {}))
    return new is not None and new != event_id(change.get("OldImage", {}))


def _report(bus: str, measure: Measure, published: list[Entry]) -> None:
    values: defaultdict[str, list[float]] = defaultdict(list)
    for entry in published:
        for name, value in measure(entry).items():
            values[name].append(value)
    metrics.emit(bus, values)


def _put(entries: list[tuple[StreamRecord, Entry]], bus: str) -> Iterable[StreamRecord]:
    """Publish up to ten, retrying those that failed; the records that stay failed."""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(0.05 * 2**attempt)
        response = aws.client("events").put_events(
            Entries=[{**entry, "EventBusName": bus} for _, entry in entries]
        )
        if not response["FailedEntryCount"]:
            return []
        entries = [
            each for each, result in zip(entries, response["Entries"], strict=True) if "ErrorCode" in result
        ]
    return [record for record, _ in entries]
