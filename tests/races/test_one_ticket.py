"""Many buyers at the same moment: exactly the quantity is sold, and everyone else is told so."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from orders import service
from orders.model import Request, Status, Ticket
from orders.repository import OrderTable
from tiketz_common import ids
from tiketz_common.errors import Conflict, DomainError

from tests.support import tables

BUYERS = 64
ROUNDS = 20
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOLD = timedelta(minutes=15)


@pytest.fixture
def orders(aws: None) -> OrderTable:
    """The orders table, on the engine under test."""
    return OrderTable(tables.create("orders"))


def listed(orders: OrderTable, quantity: int) -> str:
    """A new ticket of maren's that orders has heard of."""
    ticket = Ticket(
        id=ids.new(),
        title="Marble Arcade",
        price=4860,
        currency="eur",
        quantity=quantity,
        seller_id="maren",
        starts_at=None,
        venue=None,
        city=None,
        listed=True,
        version=1,
    )
    service.upsert_listing(ticket, orders=orders, now=NOW)
    return ticket.id


def rush(orders: OrderTable, ticket_id: str) -> list[str]:
    """Everybody orders at once; how it ended for each: `won`, or the refusal's class."""
    start = threading.Barrier(BUYERS)

    def buy(buyer: int) -> str:
        start.wait()
        request = Request(ticket_id=ticket_id, quantity=1, price=4860)
        try:
            service.place_order(ids.new(), request, f"buyer-{buyer}", orders=orders, now=NOW, hold=HOLD)
        except DomainError as refusal:
            return type(refusal).__name__
        return "won"

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(buy, range(BUYERS)))


@pytest.mark.parametrize("quantity", [1, 10])
def test_exactly_the_quantity_is_sold(orders: OrderTable, quantity: int) -> None:
    for _ in range(ROUNDS):
        ticket_id = listed(orders, quantity)
        ended = Counter(rush(orders, ticket_id))
        assert ended["won"] == quantity, ended
        assert ended["won"] + ended[Conflict.__name__] == BUYERS, ended
        inventory = orders.inventory(ticket_id)
        assert (inventory.available, inventory.held, inventory.sold) == (0, quantity, 0)


def test_an_order_ends_one_way_whatever_races_for_it(orders: OrderTable) -> None:
    late = NOW + timedelta(hours=1)
    for _ in range(ROUNDS):
        ticket_id = listed(orders, 1)
        request = Request(ticket_id=ticket_id, quantity=1, price=None)
        order = service.place_order(ids.new(), request, "ann", orders=orders, now=NOW, hold=HOLD)
        ways = [
            partial(service.pay_order, order.id, 4860, "eur", orders=orders, now=late),
            partial(service.expire_order, order.id, orders=orders, now=late),
            partial(service.fail_payment, order.id, orders=orders, now=late),
        ] * 4
        with ThreadPoolExecutor(len(ways)) as pool:
            for done in [pool.submit(way) for way in ways]:
                done.result()
        ended = orders.find(order.id)
        assert ended is not None
        inventory = orders.inventory(ticket_id)
        sold = ended.status is Status.COMPLETED
        assert (inventory.available, inventory.held, inventory.sold) == ((0, 0, 1) if sold else (1, 0, 0))
