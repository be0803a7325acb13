"""Outbox door of the orders service: what its table's stream holds goes to the bus."""

import json
import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, outbox
from tiketz_common.events import envelope
from tiketz_common.rows import unpack

from orders import events, rows

METRICS = {
    "OrderCreated": "OrdersPlaced",
    "OrderCompleted": "OrdersCompleted",
    "OrderExpired": "OrdersExpired",
    "OrderCancelled": "OrdersCancelled",
    "OrderRefunded": "OrdersRefunded",
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    latest = {_key(record): record for record in event["Records"] if _units_moved(record)}
    records = [record for record in event["Records"] if latest.get(_key(record), record) is record]
    return outbox.relay({"Records": records}, os.environ["EVENT_BUS_NAME"], entry, measure)


def entry(record: outbox.StreamRecord) -> outbox.Entry | None:
    """The event that a changed row means: its data is the row."""
    return inventory_changed(record) if _is_inventory(record) else order_changed(record)


def order_changed(record: outbox.StreamRecord) -> outbox.Entry | None:
    told = outbox.changed(record)
    if told is None:
        return None
    event = events.of(rows.order(unpack(record["dynamodb"]["NewImage"])))
    detail = envelope(event, told["id"], clock.from_wire(told["time"]), told["correlationId"])
    return {"Source": event.source, "DetailType": told["type"], "Detail": detail}


def inventory_changed(record: outbox.StreamRecord) -> outbox.Entry | None:
    if not _units_moved(record):
        return None
    new = unpack(record["dynamodb"]["NewImage"])
    event = events.InventoryChanged.model_validate({**new, "ticketId": _key(record).removeprefix("TICKET#")})
    event_id = f"{event.ticket_id}-{event.inventory_version}"
    detail = envelope(event, event_id, clock.from_wire(new["changedAt"]), new["correlationId"] or event_id)
    return {"Source": event.source, "DetailType": "InventoryChanged", "Detail": detail}


def measure(entry: outbox.Entry) -> Mapping[str, float]:
    """How many orders went which way, and how late they expired, in milliseconds."""
    counted = METRICS.get(entry["DetailType"])
    values: dict[str, float] = {counted: 1} if counted else {}
    if entry["DetailType"] == "OrderExpired":
        told = json.loads(entry["Detail"])
        late = clock.from_wire(told["occurredAt"]) - clock.from_wire(told["data"]["expiresAt"])
        values["ExpiryLag"] = round(late.total_seconds() * 1000)
    return values


def _key(record: outbox.StreamRecord) -> str:
    return str(record["dynamodb"]["Keys"]["pk"]["S"])


def _units_moved(record: outbox.StreamRecord) -> bool:
    """Whether an inventory row changed in what it says of units; an edit of the listing's words does not."""
    images = [record["dynamodb"].get(name, {}) for name in ("OldImage", "NewImage")]
    old, new = (image.get("inventoryVersion") for image in images)
    return _is_inventory(record) and new not in (None, old)


def _is_inventory(record: outbox.StreamRecord) -> bool:
    return _key(record).startswith("TICKET#")
