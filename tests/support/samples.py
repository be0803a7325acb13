"""Sample data for events, as their producers send them."""

from typing import Any


def ticket(**fields: Any) -> dict[str, Any]:
    """A listed ticket of maren's: one unit at 48.60 euros."""
    return {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "currency": "eur",
        "quantity": 1,
        "sellerId": "maren",
        "startsAt": "2126-12-04T19:00:00.000Z",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
        "category": "Concert",
        "description": None,
        "status": "listed",
        "version": 1,
        "createdAt": "2026-07-01T12:00:00.000Z",
        **fields,
    }


def payment(order: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The payment of an order as payments reports it: authorised in full."""
    return {
        "id": order["id"],
        "orderId": order["id"],
        "userId": order["userId"],
        "status": "authorized",
        "amount": order["total"],
        "currency": order["currency"],
        "createdAt": order["createdAt"],
        "version": 1,
        **fields,
    }
