"""Outbox door of the tickets service: what its table's stream holds goes to the bus."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, outbox
from tiketz_common.events import envelope
from tiketz_common.rows import unpack

from tickets import events, rows


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return outbox.relay(event, os.environ["EVENT_BUS_NAME"], entry)


def entry(record: outbox.StreamRecord) -> outbox.Entry | None:
    """The event that a changed row means: its data is the ticket."""
    told = outbox.changed(record)
    if told is None:
        return None
    event = events.of(rows.ticket(unpack(record["dynamodb"]["NewImage"])))
    correlation = told.get("correlationId", told["id"])  # rows of before it was kept have none
    detail = envelope(event, told["id"], clock.from_wire(told["time"]), correlation)
    return {"Source": event.source, "DetailType": told["type"], "Detail": detail}
