"""Builders of tickets, orders, payments, users and events: defaults that keyword arguments override.

Unless overridden, the user maren lists the ticket `t1` at noon for 48.60 euros, and the user ann orders it
as `o1`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from orders.limits import HoldLimits
from orders.model import Order, Request, Ticket
from payments.intent import Intent, IntentStatus
from payments.model import Order as OrderProjection
from payments.model import OrderStatus
from tickets.model import State
from tickets.model import Ticket as Listing

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOLD = timedelta(minutes=15)
LIMITS = HoldLimits(pause=2 * MINUTE, max_unpaid_units=20)
EMAIL, PASSWORD = "ada@tiketz.test", "correct horse battery"

Data = dict[str, Any]

# -- HTTP requests -------------------------------------------------------------------------------------------


def account_body(name: str = "ada") -> Data:
    """The body of POST /api/users/signup and signin."""
    return {"email": f"{name}@tiketz.test", "password": PASSWORD}


MIN_PRICES = {"eur": 50, "usd": 50, "gbp": 50}  # minor units


def listing_body(**fields: Any) -> Data:
    """The body of POST /api/tickets with every field."""
    return {
        "title": "Marble Arcade",
        "price": 4860,
        "currency": "eur",
        "quantity": 2,
        "startsAt": "2026-12-04T19:00:00Z",
        "timeZone": "Europe/Amsterdam",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
        "category": "Music",
        "description": "Row 4.\nTwo seats.",
        "delivery": "seller",
        "faceValue": 4000,
        **fields,
    }


# -- event data, as the producer publishes it ----------------------------------------------------------------


def ticket_data(**fields: Any) -> Data:
    """A listed ticket with one unit."""
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
        "timeZone": "Europe/Amsterdam",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
        "category": "Concert",
        "description": None,
        "version": 1,
        "createdAt": "2026-07-01T12:00:00.000Z",
        "delivery": "seller",
        "faceValue": None,
        **fields,
    }


def order_data(**fields: Any) -> Data:
    """A pending order of one unit."""
    names = ("id", "title", "price", "startsAt", "timeZone", "venue", "city")
    ticket = {name: ticket_data()[name] for name in names}
    return {
        "id": "o1",
        "userId": "ann",
        "ticketId": "t1",
        "sellerId": "maren",
        "status": "pending",
        "quantity": 1,
        "total": 4860,
        "currency": "eur",
        "expiresAt": "2026-07-01T12:15:00.000Z",
        "createdAt": "2026-07-01T12:00:00.000Z",
        "extensions": 0,
        "version": 1,
        "reason": None,
        "declined": False,
        "ticket": ticket,
        "delivery": "seller",
        "completedAt": None,
        "returned": False,
        **fields,
    }


def payment_data(order: Data | None = None, **fields: Any) -> Data:
    """The authorized payment of an order."""
    paid = order or order_data()
    return {
        "id": paid["id"],
        "orderId": paid["id"],
        "userId": paid["userId"],
        "status": "authorized",
        "amount": paid["total"],
        "currency": paid["currency"],
        "createdAt": paid["createdAt"],
        "version": 1,
        "money": money_data(),
        "declined": False,
        **fields,
    }


def money_data(**fields: Any) -> Data:
    """What became of a payment's money: nothing yet."""
    return {"refunded": 0, "lost": 0, "disputed": None, "refundFailed": 0, **fields}


def inventory_data(**fields: Any) -> Data:
    """The inventory of a ticket whose one unit is held."""
    return {
        "ticketId": "t1",
        "quantity": 1,
        "available": 0,
        "held": 1,
        "sold": 0,
        "inventoryVersion": 2,
        **fields,
    }


def delivery_data(**fields: Any) -> Data:
    """The delivery of an order, without a unit."""
    return {"orderId": "o1", "ticketId": "t1", "status": "waiting", "units": [], "version": 2, **fields}


EVENT_DATA: dict[str, Callable[[], Data]] = {
    "UserSignedUp": lambda: {"userId": "ann"},
    "UserDeleted": lambda: {"userId": "ann"},
    "VerificationRequested": lambda: {"requestId": "r1"},
    "PasswordResetRequested": lambda: {"requestId": "r1"},
    "EmailChangeRequested": lambda: {"requestId": "r1"},
    "EmailChanged": lambda: {"userId": "ann", "requestId": "r1"},
    "PasswordChanged": lambda: {"userId": "ann", "requestId": "r1"},
    "TicketCreated": ticket_data,
    "TicketUpdated": partial(ticket_data, price=5000, version=2),
    "TicketWithdrawn": partial(ticket_data, status="withdrawn", version=2),
    "InventoryChanged": inventory_data,
    "OrderCreated": order_data,
    "OrderExtended": partial(order_data, extensions=1, version=2),
    "OrderCompleted": partial(order_data, status="completed", version=2),
    "OrderCancelled": partial(order_data, status="cancelled", reason="buyer", version=2),
    "OrderExpired": partial(order_data, status="expired", reason="hold", version=2),
    "OrderRefunded": partial(order_data, status="refunded", reason="refund", version=3),
    "HoldElapsed": lambda: {"orderId": "o1", "expiresAt": "2026-07-01T12:15:00.000Z"},
    "PaymentAuthorized": payment_data,
    "PaymentCaptured": partial(payment_data, status="captured", version=2),
    "PaymentVoided": partial(payment_data, status="voided", version=2),
    "PaymentFailed": partial(payment_data, status="failed"),
    "PaymentRefunded": partial(payment_data, status="refunded", version=3, money=money_data(refunded=4860)),
    "TicketsDelivered": lambda: delivery_data(status="ready", units=["u1"]),
    "DeliveryFailed": lambda: delivery_data(status="failed"),
    "UnitsReturned": lambda: delivery_data(status="returned"),
    "UnitsChanged": lambda: {"ticketId": "t1", "units": 1, "version": 1},
    "PaymentRefundFailed": partial(
        payment_data, status="refund_failed", version=4, money=money_data(refundFailed=4860)
    ),
}
"""A sample of every event's data."""


# -- the tickets service's model -----------------------------------------------------------------------------


def listing(**fields: Any) -> Listing:
    """A listed ticket with three units, as the tickets service models it."""
    defaults: Data = {
        "id": "t1",
        "seller_id": "maren",
        "title": "Marble Arcade",
        "price": 4860,
        "currency": "eur",
        "quantity": 3,
        "starts_at": NOON + DAY,
        "venue": "Halcyon Hall",
        "city": "Łódź",
        "category": "Concert",
        "description": "Two by the stage.",
        "state": State.LISTED,
        "version": 1,
        "created_at": NOON,
        "time_zone": "Europe/Warsaw",
    }
    return Listing(**{**defaults, **fields})


# -- the orders service's model ------------------------------------------------------------------------------


def ticket(**fields: Any) -> Ticket:
    """A listed ticket with twelve units, as the orders service models it."""
    defaults: Data = {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "currency": "eur",
        "quantity": 12,
        "seller_id": "maren",
        "starts_at": NOON + 90 * DAY,
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
        "listed": True,
        "version": 3,
        "time_zone": "Europe/Amsterdam",
    }
    return Ticket(**{**defaults, **fields})


def placed_order(
    order_id: str = "o1", quantity: int = 2, buyer: str = "ann", of: Ticket | None = None
) -> Order:
    """An order placed a minute past noon."""
    ordered = of or ticket()
    request = Request(ticket_id=ordered.id, quantity=quantity, price=ordered.price)
    return Order.place(order_id, buyer, request, ordered, NOON + MINUTE, HOLD)


# -- the payments service's models ---------------------------------------------------------------------------


def order_projection(**fields: Any) -> OrderProjection:
    """A pending order, as the payments service models it."""
    defaults: Data = {
        "id": "o1",
        "user_id": "ann",
        "status": OrderStatus.PENDING,
        "total": 4860,
        "currency": "eur",
        "expires_at": NOON + HOLD,
        "version": 1,
    }
    return OrderProjection(**{**defaults, **fields})


def intent(status: IntentStatus = IntentStatus.REQUIRES_PAYMENT_METHOD, **fields: Any) -> Intent:
    """The Stripe PaymentIntent of `order_projection()`."""
    defaults: Data = {
        "id": "pi_1",
        "order_id": "o1",
        "amount": 4860,
        "currency": "eur",
        "client_secret": "pi_1_secret_canary",
    }
    return Intent(status=status, **{**defaults, **fields})
