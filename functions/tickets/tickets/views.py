"""A ticket as everybody sees it, and as its seller does."""

from typing import Annotated, Any

from pydantic import AwareDatetime
from tiketz_common.http import Currency, View, one_of

from tickets.model import Status, Ticket


class TicketView(View):
    """A ticket. `price` in minor units of `currency`; `version` counts edits; `userId` is `sellerId`."""

    id: str
    title: str
    price: int
    currency: Currency
    quantity: int
    available: int
    status: Annotated[str, one_of(Status)]
    seller_id: str
    user_id: str
    starts_at: AwareDatetime | None
    venue: str | None
    city: str | None
    category: str | None
    description: str | None
    version: int
    created_at: AwareDatetime


class ListingView(TicketView):
    """A ticket with what its seller alone is told: how many are `reserved` (held by buyers) and `sold`."""

    reserved: int
    sold: int


def view(ticket: Ticket) -> TicketView:
    return TicketView(**_facts(ticket))


def listing_view(ticket: Ticket) -> ListingView:
    return ListingView(reserved=ticket.inventory.held, sold=ticket.inventory.sold, **_facts(ticket))


def _facts(ticket: Ticket) -> dict[str, Any]:
    same = TicketView.model_fields.keys() - {"user_id"}
    return {"user_id": ticket.seller_id, **{name: getattr(ticket, name) for name in same}}
