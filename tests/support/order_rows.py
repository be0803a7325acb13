"""What orders keeps of a ticket and of an order, row by row, and how it comes to be written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import ANY

from orders import events
from orders.model import Order, Request, Ticket
from orders.repository import OrderTable

from tests.fakes.in_memory_tables import InMemoryTables

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOLD = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
WEEK_LATER = int((NOON + timedelta(days=7)).timestamp())
TICKET = Ticket(
    id="t1",
    title="Marble Arcade",
    price=4860,
    currency="eur",
    quantity=12,
    seller_id="maren",
    starts_at=NOON + timedelta(days=90),
    venue="Halcyon Hall",
    city="Rotterdam",
    listed=True,
    version=3,
)
BARE = replace(TICKET, id="t2", starts_at=None, venue=None, city=None)
LISTING = {
    "pk": "TICKET#t1",
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "sellerId": "maren",
    "startsAt": "2026-09-29T12:00:00.000Z",
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "listed": True,
    "ticketVersion": 3,
    "quantity": 12,
    "available": 12,
    "held": 0,
    "sold": 0,
    "inventoryVersion": 1,
    "changedAt": "2026-07-01T12:00:00.000Z",
    "correlationId": "c1",
}
ORDER = {
    "pk": "ORDER#o1",
    "userId": "ann",
    "status": "pending",
    "quantity": 2,
    "total": 9720,
    "currency": "eur",
    "createdAt": "2026-07-01T12:01:00.000Z",
    "expiresAt": "2026-07-01T12:16:00.000Z",
    "extensions": 0,
    "extendedAt": None,
    "version": 1,
    "reason": None,
    "request": {"ticket_id": "t1", "quantity": 2, "price": 4860},
    "ticket": {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "starts_at": "2026-09-29T12:00:00.000Z",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
    },
    "event": {
        "id": ANY,
        "type": "OrderCreated",
        "time": "2026-07-01T12:01:00.000Z",
        "correlationId": "c1",
    },
    "pendingShard": "1",
}
HELD = {"pk": "HELD#t1#ann", "units": 2, "forgetAt": WEEK_LATER + 60}


def an_order(id: str = "o1", quantity: int = 2, buyer: str = "ann", ticket: Ticket = TICKET) -> Order:
    """Asked for a minute past noon."""
    asked = Request(ticket_id=ticket.id, quantity=quantity, price=ticket.price)
    return Order.place(id, buyer, asked, ticket, NOON + MINUTE, HOLD)


def place(orders: OrderTable, order: Order) -> Order:
    orders.add(order, orders.inventory(order.ticket_id), events.of(order))
    return order


def save(orders: OrderTable, before: Order, after: Order, minutes: int = 5) -> None:
    orders.save(before, after, events.of(after), NOON + minutes * MINUTE)


def inventory(memory: InMemoryTables, **changed: Any) -> bool:
    """Whether t1's row is as it was listed, but for what changed."""
    return memory.rows("orders")["TICKET#t1"] == {**LISTING, **changed}
