"""Many buyers at the same moment: exactly the quantity is sold, and everybody else gets a conflict."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from orders import service
from orders.model import Order, Request, Status
from orders.repository import OrderTable
from tiketz_common import ids
from tiketz_common.errors import Conflict, DomainError, Unavailable

from tests.factories import HOLD, LIMITS, NOON, ticket
from tests.support import tables

BUYERS = 64
ROUNDS = 5  # `make races` has fifty


@pytest.fixture
def orders(aws: None) -> OrderTable:
    """The orders table, on the engine under test."""
    return OrderTable(tables.create("orders"))


def list_ticket(orders: OrderTable, quantity: int) -> str:
    """The id of a new ticket that the orders service has."""
    listed = ticket(id=ids.new(), quantity=quantity)
    service.upsert_listing(listed, orders=orders, now=NOON)
    return listed.id


def place(request: Request, buyer: str, orders: OrderTable) -> Order:
    return service.place_order(ids.new(), request, buyer, orders=orders, now=NOON, hold=HOLD, limits=LIMITS)


def race(orders: OrderTable, ticket_id: str) -> list[str]:
    """All buyers order at once; `won`, or the class of the error, for each."""
    start = threading.Barrier(BUYERS)

    def buy(buyer: int) -> str:
        start.wait()
        request = Request(ticket_id=ticket_id, quantity=1, price=4860)
        while True:
            try:
                service.place_order(
                    ids.new(), request, f"buyer-{buyer}", orders=orders, now=NOON, hold=HOLD, limits=LIMITS
                )
            except Unavailable:  # contended for three seconds on a busy machine: clients try again
                continue
            except DomainError as error:
                return type(error).__name__
            return "won"

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(buy, range(BUYERS)))


@pytest.mark.parametrize("quantity", [1, 10])
def test_exactly_the_quantity_is_sold(orders: OrderTable, quantity: int) -> None:
    for _ in range(ROUNDS):
        ticket_id = list_ticket(orders, quantity)
        ended = Counter(race(orders, ticket_id))
        assert ended["won"] == quantity, ended
        assert ended["won"] + ended[Conflict.__name__] == BUYERS, ended
        inventory = orders.inventory(ticket_id)
        assert (inventory.available, inventory.held, inventory.sold) == (0, quantity, 0)


def test_concurrent_events_end_an_order_once(orders: OrderTable) -> None:
    late = NOON + timedelta(hours=1)
    for _ in range(ROUNDS):
        ticket_id = list_ticket(orders, 1)
        request = Request(ticket_id=ticket_id, quantity=1, price=None)
        order = service.place_order(
            ids.new(), request, "ann", orders=orders, now=NOON, hold=HOLD, limits=LIMITS
        )
        endings = [
            partial(service.pay_order, order.id, 4860, "eur", orders=orders, now=late),
            partial(service.expire_order, order.id, orders=orders, now=late),
            partial(service.fail_payment, order.id, False, orders=orders, now=late),
        ] * 4
        with ThreadPoolExecutor(len(endings)) as pool:
            for future in [pool.submit(each) for each in endings]:
                future.result()
        ended = orders.find(order.id)
        assert ended is not None
        inventory = orders.inventory(ticket_id)
        sold = ended.status is Status.COMPLETED
        assert (inventory.available, inventory.held, inventory.sold) == ((0, 0, 1) if sold else (1, 0, 0))
