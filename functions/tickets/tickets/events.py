"""What tickets tells the world."""

from typing import Any, ClassVar

from pydantic import AwareDatetime
from tiketz_common.events import Event

from tickets.model import Ticket


class TicketEvent(Event):
    """The ticket as everybody sees it after its seller's change. `price` in minor units.

    `version` counts the seller's edits. `available` and `status` are as tickets last heard: where the units
    are is for orders to tell.
    """

    source: ClassVar[str] = "tiketz.tickets"

    id: str
    title: str
    price: int
    currency: str
    quantity: int
    available: int
    status: str
    seller_id: str
    user_id: str
    starts_at: AwareDatetime | None
    venue: str | None
    city: str | None
    category: str | None
    description: str | None
    version: int
    created_at: AwareDatetime


class TicketCreated(TicketEvent):
    """A ticket is offered for sale."""


class TicketUpdated(TicketEvent):
    """Its seller changed the offer."""


class TicketWithdrawn(TicketEvent):
    """Its seller took the offer back; standing orders stand."""


def of(ticket: Ticket) -> TicketEvent:
    """What each of them says of the ticket."""
    return TicketEvent(**_whole(ticket))


def created(ticket: Ticket) -> TicketCreated:
    return TicketCreated(**_whole(ticket))


def updated(ticket: Ticket) -> TicketUpdated:
    return TicketUpdated(**_whole(ticket))


def withdrawn(ticket: Ticket) -> TicketWithdrawn:
    return TicketWithdrawn(**_whole(ticket))


def _whole(ticket: Ticket) -> dict[str, Any]:
    same = TicketEvent.model_fields.keys() - {"user_id"}
    return {**{name: getattr(ticket, name) for name in same}, "user_id": ticket.seller_id}
