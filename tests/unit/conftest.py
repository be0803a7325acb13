"""Repositories on a DynamoDB in memory, with a clock that only sleeping advances."""

from collections.abc import Iterator

import pytest
from orders.repository import OrderTable
from tickets import events
from tickets.model import Ticket
from tickets.repository import TicketTable
from tiketz_common import aws, retry
from tiketz_common.events import correlation_id

from tests.factories import NOON
from tests.fakes.in_memory_tables import InMemoryTables, client, current
from tests.unit import order_rows, ticket_rows


class StillClock:
    """Time that only `sleep` advances."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def memory(unconnected: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryTables]:
    """The services' tables, empty; the correlation id is `c1`."""
    current[:] = [InMemoryTables()]
    clients = {"dynamodb": client()}
    monkeypatch.setattr(aws, "client", clients.__getitem__)
    token = correlation_id.set("c1")
    yield current[0]
    correlation_id.reset(token)


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """Pauses of the retry, which take no time and are recorded."""
    still = StillClock()
    monkeypatch.setattr(retry, "time", still)
    return still


@pytest.fixture
def orders(memory: InMemoryTables) -> OrderTable:
    """Orders with a listing of maren's twelve tickets, since noon."""
    table = OrderTable("orders")
    table.upsert_listing(order_rows.TICKET, NOON)
    return table


@pytest.fixture
def tickets(memory: InMemoryTables) -> TicketTable:
    """Nothing is for sale."""
    return TicketTable("tickets")


@pytest.fixture
def listed(tickets: TicketTable) -> Ticket:
    """Maren's listing of three tickets at noon."""
    listing = ticket_rows.TICKET
    tickets.add(listing, events.created(listing), NOON)
    return listing
