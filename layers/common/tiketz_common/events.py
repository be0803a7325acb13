"""The shape of every event on the Tiketz bus."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from tiketz_common import clock, ids

if TYPE_CHECKING:
    from tiketz_common.outbox import Entry

SCHEMA_VERSION = 1

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""What ties a browser's request to all that follows from it; set by every entry function."""

occurred_at: ContextVar[str] = ContextVar("occurred_at")
"""When the event that is being consumed occurred, as `clock.to_wire` writes it. A republish keeps it."""


class Fields(BaseModel):
    """Fields that events and responses share: a base of both, never used alone."""

    model_config = ConfigDict(defer_build=True)


class CamelModel(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,  # errors are logged; what users send is not
    )


class Event(CamelModel):
    """A fact, named in the past tense, with its owner's full state. The class's name is its detail-type."""

    source: ClassVar[str]


def marker(event: Event, now: datetime, *, whole: bool = False) -> dict[str, str]:
    """The `event` attribute of a row: written with the change that the event reports, published by the relay.

    It holds id, type, time and correlationId, and the relay makes the event from its row. A `whole` one holds
    source and detail instead of the correlation id (docs/decisions/0013 says which rows carry which).
    """
    event_id = ids.new()
    attribute = {"id": event_id, "type": type(event).__name__, "time": clock.to_wire(now)}
    correlation = correlation_id.get() or event_id
    if not whole:
        return {**attribute, "correlationId": correlation}
    return {**attribute, "source": event.source, "detail": envelope(event, event_id, now, correlation)}


def entry(event: Event, marker: Mapping[str, str]) -> "Entry":
    """An event that was made from its row as PutEvents takes it, identified by the row's marker."""
    event_id = marker["id"]
    correlation = marker.get("correlationId") or event_id  # early rows have none
    detail = envelope(event, event_id, clock.from_wire(marker["time"]), correlation)
    return {"Source": event.source, "DetailType": marker["type"], "Detail": detail}


def envelope(event: Event, event_id: str, now: datetime, correlation: str) -> str:
    """The event as EventBridge's `detail`, in JSON."""
    return json.dumps(
        {
            "eventId": event_id,
            "schemaVersion": SCHEMA_VERSION,
            "occurredAt": clock.to_wire(now),
            "correlationId": correlation,
            "data": event.model_dump(mode="json", by_alias=True),
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
