"""Stream relay of the orders service: publishes the events that its rows carry."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, outbox, settings
from tiketz_common.events import entry
from tiketz_common.rows import Row

from orders import events, rows
from orders.settings import RelaySettings

config = settings.read(RelaySettings)
METRICS = {
    "OrderCreated": "OrdersPlaced",
    "OrderCompleted": "OrdersCompleted",
    "OrderExpired": "OrdersExpired",
    "OrderCancelled": "OrdersCancelled",
    "OrderRefunded": "OrdersRefunded",
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of stream records; returns from which to start again.

    Of several changes of one inventory in a batch, only the last is published.
    """
    latest = {_key(record): record for record in event["Records"] if _units_changed(record)}
    records = [record for record in event["Records"] if latest.get(_key(record), record) is record]
    return relay.handle({"Records": records}, context)


def to_event(row: Row) -> outbox.Entry:
    """The event that a row carries: an order's data is the row, and so is an inventory's."""
    if not row["pk"].startswith("TICKET#"):
        return entry(events.of(rows.order(row)), row["event"])
    event = events.InventoryChanged.model_validate({**row, "ticketId": row["pk"].removeprefix("TICKET#")})
    marker = {
        "id": f"{event.ticket_id}-{event.inventory_version}",
        "type": "InventoryChanged",
        "time": row["changedAt"],
        "correlationId": row["correlationId"],
    }
    return entry(event, marker)


def event_id(image: outbox.Image) -> str | None:
    """The id of a row's event: for an inventory its version, which edits of the listing do not change."""
    if image.get("pk", {}).get("S", "").startswith("TICKET#"):
        version: str | None = image.get("inventoryVersion", {}).get("N")
        return version
    return outbox.marked_id(image)


def measure(published: outbox.Entry) -> Mapping[str, float]:
    """How many orders changed to which status, and how late they expired, in milliseconds."""
    metric = METRICS.get(published["DetailType"])
    values: dict[str, float] = {metric: 1} if metric else {}
    if published["DetailType"] == "OrderExpired":
        detail = json.loads(published["Detail"])
        late = clock.from_wire(detail["occurredAt"]) - clock.from_wire(detail["data"]["expiresAt"])
        values["ExpiryLag"] = round(late.total_seconds() * 1000)
    return values


relay = outbox.Relay(
    config.event_bus_name, config.relay_failed_url, to_event, event_id=event_id, measure=measure
)


def _key(record: outbox.StreamRecord) -> str:
    return str(record["dynamodb"]["Keys"]["pk"]["S"])


def _units_changed(record: outbox.StreamRecord) -> bool:
    change = record["dynamodb"]
    return _key(record).startswith("TICKET#") and outbox.carries_a_new_event(change, event_id)
