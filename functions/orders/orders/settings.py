"""What each function of the orders service reads from its environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    table_name: str
    origin_secret: str
    hold_seconds: int


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    table_name: str
    inbox_url: str


@dataclass(frozen=True, slots=True)
class RelaySettings:
    event_bus_name: str


@dataclass(frozen=True, slots=True)
class SweeperSettings:
    table_name: str
    event_bus_name: str
