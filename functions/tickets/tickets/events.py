"""Events that tickets publishes."""

from typing import ClassVar

from tiketz_common.events import Event

from tickets.fields import TicketFields
from tickets.model import Ticket


class TicketEvent(TicketFields, Event):
    """The ticket as everybody sees it after its seller's change. `price` in minor units.

    `version` counts the seller's edits. `available` and `status` are as of the last event from orders, which
    owns the units.
    """

    source: ClassVar[str] = "tiketz.tickets"


class TicketCreated(TicketEvent):
    """A ticket is offered for sale."""


class TicketUpdated(TicketEvent):
    """Its seller changed the offer."""


class TicketWithdrawn(TicketEvent):
    """Its seller took the offer back; placed orders stand."""


def of(ticket: Ticket) -> TicketEvent:
    """What each of them carries of the ticket."""
    return TicketEvent.model_validate(ticket, from_attributes=True)


def created(ticket: Ticket) -> TicketCreated:
    """A new listing's event."""
    return TicketCreated.model_validate(ticket, from_attributes=True)


def updated(ticket: Ticket) -> TicketUpdated:
    """An edited listing's event."""
    return TicketUpdated.model_validate(ticket, from_attributes=True)


def withdrawn(ticket: Ticket) -> TicketWithdrawn:
    """A withdrawn listing's event."""
    return TicketWithdrawn.model_validate(ticket, from_attributes=True)
