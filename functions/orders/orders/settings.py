"""What each function of the orders service reads from its environment."""

from typing import NamedTuple


class ApiSettings(NamedTuple):
    """Of `orders.api`."""

    table_name: str
    hold_seconds: int
    repeat_hold_seconds: int
    max_unpaid_units: int


class ConsumerSettings(NamedTuple):
    """Of `orders.consumer`."""

    table_name: str
    inbox_url: str
    inbox_dead_url: str


class RelaySettings(NamedTuple):
    """Of `orders.relay`."""

    event_bus_name: str
    relay_failed_url: str


class SweeperSettings(NamedTuple):
    """Of `orders.sweeper`."""

    table_name: str
    event_bus_name: str
