"""Transactional outbox: an event is an attribute of the row whose change it reports, relayed from there."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

from tiketz_common import aws, metrics

TRIES = 3
BATCH = 10  # PutEvents takes at most ten entries

StreamRecord = dict[str, Any]


class Entry(TypedDict):
    """One event as PutEvents takes it."""

    Source: str
    DetailType: str
    Detail: str


Publish = Callable[[StreamRecord], Entry | None]
Measure = Callable[[Entry], Mapping[str, float]]
"""The metrics that an event adds to, each with its value."""


def changed_event(record: StreamRecord) -> Entry | None:
    """The event that a row's new image carries and its old image did not."""
    new = changed(record)
    return {"Source": new["source"], "DetailType": new["type"], "Detail": new["detail"]} if new else None


def changed(record: StreamRecord) -> dict[str, str] | None:
    """The `event` attribute of a row's new image, where its old image had another or none."""
    new = record["dynamodb"].get("NewImage", {}).get("event", {}).get("M")
    old = record["dynamodb"].get("OldImage", {}).get("event", {}).get("M", {})
    if not new or new["id"] == old.get("id"):
        return None
    return {name: value["S"] for name, value in new.items()}


def unmeasured(_: Entry) -> Mapping[str, float]:
    return {}


def relay(
    event: dict[str, Any], bus: str, publish: Publish = changed_event, measure: Measure = unmeasured
) -> dict[str, Any]:
    """Put on `bus` what a batch of stream records says; answer from which record to start again.

    Every record before the first that failed is published; later ones may be published, and measured, twice.
    """
    records: list[StreamRecord] = event["Records"]
    entries = [(record, entry) for record in records if (entry := publish(record))]
    refused = [
        record
        for start in range(0, len(entries), BATCH)
        for record in _put(entries[start : start + BATCH], bus)
    ]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in refused]
    published = [entry for record, entry in entries if record["dynamodb"]["SequenceNumber"] not in numbers]
    _report(bus, measure, published)
    return {"batchItemFailures": [{"itemIdentifier": numbers[0]}] if numbers else []}


def _report(bus: str, measure: Measure, published: list[Entry]) -> None:
    values: defaultdict[str, list[float]] = defaultdict(list)
    for entry in published:
        for name, value in measure(entry).items():
            values[name].append(value)
    metrics.emit(bus, values)


def _put(entries: list[tuple[StreamRecord, Entry]], bus: str) -> Iterable[StreamRecord]:
    """Publish up to ten, the refused ones again; answer the records that stay refused."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.05 * 2**attempt)
        answer = aws.client("events").put_events(
            Entries=[{**entry, "EventBusName": bus} for _, entry in entries]
        )
        if not answer["FailedEntryCount"]:
            return []
        entries = [
            each for each, result in zip(entries, answer["Entries"], strict=True) if "ErrorCode" in result
        ]
    return [record for record, _ in entries]
