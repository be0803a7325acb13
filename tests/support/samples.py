"""A sample of every event's data, as its producer sends it."""

from collections.abc import Callable
from functools import partial
from typing import Any

Data = dict[str, Any]


def ticket(**fields: Any) -> Data:
    """A listed ticket of maren's: one unit at 48.60 euros."""
    return {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "currency": "eur",
        "quantity": 1,
        "available": 1,
        "status": "available",
        "sellerId": "maren",
        "userId": "maren",
        "startsAt": "2126-12-04T19:00:00.000Z",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
        "category": "Concert",
        "description": None,
        "version": 1,
        "createdAt": "2026-07-01T12:00:00.000Z",
        **fields,
    }


def order(**fields: Any) -> Data:
    """Ann's order of that ticket, pending since noon."""
    seen = {name: ticket()[name] for name in ("id", "title", "price", "startsAt", "venue", "city")}
    return {
        "id": "o1",
        "userId": "ann",
        "ticketId": "t1",
        "status": "pending",
        "quantity": 1,
        "total": 4860,
        "currency": "eur",
        "expiresAt": "2026-07-01T12:15:00.000Z",
        "createdAt": "2026-07-01T12:00:00.000Z",
        "extensions": 0,
        "version": 1,
        "reason": None,
        "ticket": seen,
        **fields,
    }


def payment(of: Data | None = None, **fields: Any) -> Data:
    """The payment of an order: authorised in full."""
    paid = of or order()
    return {
        "id": paid["id"],
        "orderId": paid["id"],
        "userId": paid["userId"],
        "status": "authorized",
        "amount": paid["total"],
        "currency": paid["currency"],
        "createdAt": paid["createdAt"],
        "version": 1,
        **fields,
    }


def inventory(**fields: Any) -> Data:
    """The ticket's one unit is held."""
    return {
        "ticketId": "t1",
        "quantity": 1,
        "available": 0,
        "held": 1,
        "sold": 0,
        "inventoryVersion": 2,
        **fields,
    }


EVENTS: dict[str, Callable[[], Data]] = {
    "UserSignedUp": lambda: {"userId": "ann"},
    "UserDeleted": lambda: {"userId": "ann"},
    "TicketCreated": ticket,
    "TicketUpdated": partial(ticket, price=5000, version=2),
    "TicketWithdrawn": partial(ticket, status="withdrawn", version=2),
    "InventoryChanged": inventory,
    "OrderCreated": order,
    "OrderExtended": partial(order, extensions=1, version=2),
    "OrderCompleted": partial(order, status="completed", version=2),
    "OrderCancelled": partial(order, status="cancelled", reason="buyer", version=2),
    "OrderExpired": partial(order, status="expired", reason="hold", version=2),
    "OrderRefunded": partial(order, status="refunded", reason="refund", version=3),
    "HoldElapsed": lambda: {"orderId": "o1", "expiresAt": "2026-07-01T12:15:00.000Z"},
    "PaymentAuthorized": payment,
    "PaymentCaptured": partial(payment, status="captured", version=2),
    "PaymentVoided": partial(payment, status="voided", version=2),
    "PaymentFailed": partial(payment, status="failed"),
    "PaymentRefunded": partial(payment, status="refunded", version=3),
}
