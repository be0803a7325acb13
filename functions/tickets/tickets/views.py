"""A ticket as everybody sees it."""

from typing import Annotated

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


def view(ticket: Ticket) -> TicketView:
    same = TicketView.model_fields.keys() - {"user_id"}
    return TicketView(user_id=ticket.seller_id, **{name: getattr(ticket, name) for name in same})
