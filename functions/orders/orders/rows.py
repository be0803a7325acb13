"""Orders and inventories as rows, and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from tiketz_common.clock import from_wire, to_wire
from tiketz_common.rows import Row

from orders.model import Inventory, Order, Reason, Request, Status, Ticket, TicketSnapshot


def of_order(order: Order, event: dict[str, str]) -> Row:
    """The order with what marks its latest change; only a pending one is in the index `pending`."""
    row: Row = {
        "pk": f"ORDER#{order.id}",
        "userId": order.user_id,
        "status": order.status.value,
        "quantity": order.quantity,
        "total": order.total,
        "currency": order.currency,
        "createdAt": to_wire(order.created_at),
        "expiresAt": to_wire(order.expires_at),
        "extensions": order.extensions,
        "extendedAt": _wire(order.extended_at),
        "version": order.version,
        "reason": order.reason.value if order.reason else None,
        "request": asdict(order.request),
        "ticket": {**asdict(order.ticket), "starts_at": _wire(order.ticket.starts_at)},
        "event": event,
    }
    return {**row, "pendingShard": order.id[-1]} if order.status is Status.PENDING else row


def order(row: Row) -> Order:
    return Order(
        id=row["pk"].removeprefix("ORDER#"),
        user_id=row["userId"],
        status=Status(row["status"]),
        quantity=row["quantity"],
        total=row["total"],
        currency=row["currency"],
        created_at=from_wire(row["createdAt"]),
        expires_at=from_wire(row["expiresAt"]),
        extensions=row["extensions"],
        extended_at=_time(row["extendedAt"]),
        version=row["version"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        request=Request(**row["request"]),
        ticket=TicketSnapshot(**{**row["ticket"], "starts_at": _time(row["ticket"]["starts_at"])}),
    )


def of_ticket(ticket: Ticket) -> Row:
    """What an edit of the listing changes in its inventory row, except `quantity`."""
    return {
        "title": ticket.title,
        "price": ticket.price,
        "currency": ticket.currency,
        "sellerId": ticket.seller_id,
        "startsAt": _wire(ticket.starts_at),
        "venue": ticket.venue,
        "city": ticket.city,
        "listed": ticket.listed,
        "ticketVersion": ticket.version,
    }


def inventory(row: Row) -> Inventory:
    ticket = Ticket(
        id=row["pk"].removeprefix("TICKET#"),
        title=row["title"],
        price=row["price"],
        currency=row["currency"],
        quantity=row["quantity"],
        seller_id=row["sellerId"],
        starts_at=_time(row["startsAt"]),
        venue=row["venue"],
        city=row["city"],
        listed=row["listed"],
        version=row["ticketVersion"],
    )
    return Inventory(ticket=ticket, available=row["available"], held=row["held"], sold=row["sold"])


def _wire(time: datetime | None) -> str | None:
    return to_wire(time) if time else None


def _time(text: Any) -> datetime | None:
    return from_wire(text) if text else None
