"""What each function of the tickets service reads from its environment."""

from typing import NamedTuple


class ApiSettings(NamedTuple):
    """Of `tickets.api`. `min_price_…` in minor units of that currency."""

    table_name: str
    min_price_eur: int
    min_price_usd: int
    min_price_gbp: int
    file_delivery: str  # on or off
    max_markup_percent: str  # a whole number; no limit where empty


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
