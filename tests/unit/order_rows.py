"""The rows that the orders service stores for a ticket and an order, and how tests write them."""

from typing import Any
from unittest.mock import ANY

from orders import events
from orders.model import Order
from orders.repository import OrderTable

from tests.factories import DAY, LIMITS, MINUTE, NOON, ticket
from tests.fakes.in_memory_tables import InMemoryTables

WEEK_LATER = int((NOON + 7 * DAY).timestamp())
TICKET = ticket()
BARE = ticket(id="t2", starts_at=None, venue=None, city=None)
INVENTORY_ROW = {
    "pk": "TICKET#t1",
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "sellerId": "maren",
    "startsAt": "2026-09-29T12:00:00.000Z",
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "venueZone": "Europe/Amsterdam",
    "listed": True,
    "ticketVersion": 3,
    "quantity": 12,
    "available": 12,
    "held": 0,
    "sold": 0,
    "inventoryVersion": 1,
    "changedAt": "2026-07-01T12:00:00.000Z",
    "correlationId": "c1",
    "delivery": "seller",
    "draft": False,
}
ORDER_ROW = {
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
    "sellerId": "maren",
    "delivery": "seller",
    "completedAt": None,
    "returned": False,
    "request": {"ticket_id": "t1", "quantity": 2, "price": 4860},
    "ticket": {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "starts_at": "2026-09-29T12:00:00.000Z",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
    },
    "venueZone": "Europe/Amsterdam",
    "event": {
        "id": ANY,
        "type": "OrderCreated",
        "time": "2026-07-01T12:01:00.000Z",
        "correlationId": "c1",
    },
    "pendingShard": "1",
}
HELD_ROW = {"pk": "HELD#t1#ann", "units": 2, "forgetAt": WEEK_LATER + 60}
UNPAID_ROW = {
    "pk": "UNPAID#ann",
    "units": 2,
    "until": int((NOON + 106 * MINUTE).timestamp()),  # a hold that is extended twice, and an hour
    "forgetAt": WEEK_LATER + 60,
}


def place(orders: OrderTable, order: Order) -> Order:
    orders.add(order, orders.inventory(order.ticket_id), events.of(order), LIMITS)
    return order


def save(orders: OrderTable, before: Order, after: Order, minutes: int = 5) -> None:
    orders.save(before, after, events.of(after), NOON + minutes * MINUTE)


def inventory(memory: InMemoryTables, **changed: Any) -> bool:
    """Whether the row of t1 is as at first, except for these attributes."""
    return memory.rows("orders")["TICKET#t1"] == {**INVENTORY_ROW, **changed}
