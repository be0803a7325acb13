"""Republish the latest event of a service's rows.

For events that the relay failed to publish: its failure queue only points into the table's stream, which
keeps records for a day. Each row that changed since then gets a new event id, and the relay publishes it.
Consumers ignore the repeats.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tiketz_common.rows import Row, pack, unpack

from operate import stages
from operate.command import CommandError, parse_time
from operate.stages import Stage

MARGIN = timedelta(minutes=1)  # between a row's time of change and its stream record's arrival


def republish(stage: Stage, service: str, since: datetime) -> int:
    """The number of rows republished. A row that changes meanwhile publishes that change, and is skipped.

    Begins at the earliest pointer in the failure queue where that is before `since`, and then deletes the
    pointers that it has read. Raises CommandError.
    """
    outputs = stage.outputs(service)
    if "RelayFailedUrl" not in outputs:
        raise CommandError(f"{service} publishes no events from its rows.")
    sqs, failed = stage.client("sqs"), outputs["RelayFailedUrl"]
    pointers = list(_pointers(sqs, failed))
    since = min([since, *(arrival - MARGIN for _, arrival in pointers if arrival)])
    dynamodb, table = stage.client("dynamodb"), outputs["TableName"]
    count = sum(_touch(dynamodb, table, row) for row in _rows(dynamodb, table) if _changed_at(row) >= since)
    for handle, _ in pointers:
        sqs.delete_message(QueueUrl=failed, ReceiptHandle=handle)
    return count


def _pointers(sqs: Any, queue: str) -> Iterator[tuple[str, datetime | None]]:
    """Each pointer's receipt handle and its first record's arrival; hidden for an hour."""
    request = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3600, "WaitTimeSeconds": 1}
    while messages := sqs.receive_message(**request).get("Messages"):
        for each in messages:
            batch = json.loads(each["Body"]).get("DDBStreamBatchInfo", {})
            arrival = batch.get("approximateArrivalOfFirstRecord")
            yield each["ReceiptHandle"], parse_time(arrival) if arrival else None


def _rows(dynamodb: Any, table: str) -> Iterator[Row]:
    """The rows that publish: with an event, or an inventory."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        rows = map(unpack, page["Items"])
        yield from (row for row in rows if "event" in row or "inventoryVersion" in row)


def _changed_at(row: Row) -> datetime:
    return datetime.fromisoformat(row["event"]["time"] if "event" in row else row["changedAt"])


def _touch(dynamodb: Any, table: str, row: Row) -> bool:
    """Give the row a new event id, or an inventory a new version; False where it has changed meanwhile."""
    update = _new_event(row["event"]) if "event" in row else _new_version(row["inventoryVersion"])
    key: Row = {name: row[name] for name in ("pk", "sk") if name in row}
    try:
        dynamodb.update_item(TableName=table, Key=pack(key), **update)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _new_event(event: dict[str, Any]) -> dict[str, Any]:
    new = {**event, "id": str(uuid4())}
    if "detail" in event:
        detail = {**json.loads(event["detail"]), "eventId": new["id"]}
        new["detail"] = json.dumps(detail, separators=(",", ":"))
    return {
        "UpdateExpression": "SET #event = :new REMOVE silent",
        "ConditionExpression": "#event.id = :old",
        "ExpressionAttributeNames": {"#event": "event"},
        "ExpressionAttributeValues": pack({":new": new, ":old": event["id"]}),
    }


def _new_version(version: int) -> dict[str, Any]:
    return {
        "UpdateExpression": "SET inventoryVersion = :new",
        "ConditionExpression": "inventoryVersion = :old",
        "ExpressionAttributeValues": pack({":new": version + 1, ":old": version}),
    }


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    stages.add_service(parser)
    parser.add_argument("--since", required=True, type=parse_time, help="such as 2026-12-01T18:00:00Z")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    count = republish(stages.load(options.stage), options.service, options.since)
    print(f"Republished the latest event of {count} rows of {options.service}.")
