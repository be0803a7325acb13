"""Stream relay of the tickets service: publishes the events that its rows carry."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import outbox, settings
from tiketz_common.events import entry
from tiketz_common.rows import Row

from tickets import events, rows
from tickets.settings import RelaySettings

config = settings.read(RelaySettings)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of stream records; returns from which to start again."""
    return relay.handle(event, context)


def to_event(row: Row) -> outbox.Entry:
    """The event that a ticket's row carries: its data is the row."""
    return entry(events.of(rows.ticket(row)), row["event"])


relay = outbox.Relay(config.event_bus_name, config.relay_failed_url, to_event)
