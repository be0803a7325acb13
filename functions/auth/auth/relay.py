"""Stream relay of the auth service: publishes the events that its rows carry whole."""

from typing import Any

from tiketz_common import outbox, settings

from auth.settings import RelaySettings

config = settings.read(RelaySettings)
to_event = outbox.whole_event
relay = outbox.Relay(config.event_bus_name, config.relay_failed_url, to_event)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A batch of stream records; returns from which to start again."""
    return relay.handle(event, context)
