"""What each function of the tickets service reads from its environment."""

from typing import NamedTuple


class ApiSettings(NamedTuple):
    """Of `tickets.api`."""

    table_name: str


class ConsumerSettings(NamedTuple):
    """Of `tickets.consumer`."""

    table_name: str
    inbox_url: str
    inbox_dead_url: str


class RelaySettings(NamedTuple):
    """Of `tickets.relay`."""

    event_bus_name: str
    relay_failed_url: str


class SweeperSettings(NamedTuple):
    """Of `tickets.sweeper`."""

    table_name: str
