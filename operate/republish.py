"""`make republish STAGE=… SERVICE=… SINCE=…`: rows tell again what they told last, where telling it failed.

What failed is only pointed at, in a stream that forgets after a day, so it starts from the rows: each that
changed since then gets a new event id, which the relay publishes. Consumers take it for a repeat.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tiketz_common.rows import pack, unpack

from operate.stages import CannotDo, Stage, moment, run, stage

BEFORE = timedelta(minutes=1)  # a row says when it changed, its record when the stream heard of it


def republish(place: Stage, service: str, since: datetime) -> int:
    """How many rows tell again. A row that changes meanwhile tells its change, and is left alone.

    The pointers that were in the queue of failures before are deleted when all is told: however late `since`
    is, all that changed since the earliest of them. Raises CannotDo.
    """
    outputs = place.outputs(service)
    if "RelayFailedUrl" not in outputs:
        raise CannotDo(f"{service} says nothing that could be said again.")
    sqs, failed = place.client("sqs"), outputs["RelayFailedUrl"]
    pointers = list(_pointers(sqs, failed))
    since = min([since, *(moment(each) - BEFORE for _, each in pointers if each)])
    dynamodb, table = place.client("dynamodb"), outputs["TableName"]
    told = sum(_again(dynamodb, table, row) for row in _rows(dynamodb, table) if _changed(row) >= since)
    for handle, _ in pointers:
        sqs.delete_message(QueueUrl=failed, ReceiptHandle=handle)
    return told


def _pointers(sqs: Any, queue: str) -> Iterator[tuple[str, str | None]]:
    """The receipt handle of each pointer in the queue, and when the first record it points to was written.

    They are out of sight while rows tell again.
    """
    asked = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3600, "WaitTimeSeconds": 1}
    while messages := sqs.receive_message(**asked).get("Messages", []):
        for each in messages:
            batch = json.loads(each["Body"]).get("DDBStreamBatchInfo", {})
            yield each["ReceiptHandle"], batch.get("approximateArrivalOfFirstRecord")


def _rows(dynamodb: Any, table: str) -> Iterator[dict[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        rows = map(unpack, page["Items"])
        yield from (row for row in rows if "event" in row or "inventoryVersion" in row)


def _changed(row: dict[str, Any]) -> datetime:
    """When the row last said something: in its event, or as an inventory row, which is one."""
    return datetime.fromisoformat(row["event"]["time"] if "event" in row else row["changedAt"])


def _again(dynamodb: Any, table: str, row: dict[str, Any]) -> bool:
    key: dict[str, Any] = {name: row[name] for name in ("pk", "sk") if name in row}
    if "event" in row:
        event = {**row["event"], "id": str(uuid4())}
        if "detail" in event:
            told = {**json.loads(event["detail"]), "eventId": event["id"]}
            event["detail"] = json.dumps(told, separators=(",", ":"))
        change, condition = "SET #event = :now REMOVE silent", "#event.id = :was"
        names = {"#event": "event"}
        values = {":now": event, ":was": row["event"]["id"]}
    else:
        change, condition = "SET inventoryVersion = :now", "inventoryVersion = :was"
        names = {}
        values = {":now": row["inventoryVersion"] + 1, ":was": row["inventoryVersion"]}
    try:
        dynamodb.update_item(
            TableName=table,
            Key=pack(key),
            UpdateExpression=change,
            ConditionExpression=condition,
            ExpressionAttributeValues=pack(values),
            **({"ExpressionAttributeNames": names} if names else {}),
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 3:
        example = "make republish STAGE=dev SERVICE=orders SINCE=2026-12-01T18:00:00Z"
        raise CannotDo(f"Say which, and since when: {example}")
    name, service, since = arguments
    told = republish(stage(name), service, moment(since))
    print(f"{told} rows of {service} tell their last change again.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
