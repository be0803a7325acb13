"""A ticket as everybody sees it, and as its seller does."""

from typing import Annotated

from tiketz_common.http import Currency, View, one_of

from tickets.fields import TicketFields
from tickets.model import Delivery, Status


class TicketView(TicketFields, View):
    """A ticket. `price` in minor units of `currency`; `version` counts edits; `userId` is `sellerId`."""

    currency: Currency
    status: Annotated[str, one_of(Status)]
    delivery: Annotated[str, one_of(Delivery)] = Delivery.SELLER


class ListingView(TicketView):
    """A ticket with what only its seller sees: how many are `reserved` (held by buyers) and `sold`."""

    reserved: int
    sold: int
