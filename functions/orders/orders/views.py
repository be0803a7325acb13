"""An order as its buyer sees it."""

from typing import Annotated

from tiketz_common.http import Currency, View, one_of

from orders.fields import OrderFields, TicketFields
from orders.model import Status


class OrderedTicketView(TicketFields, View):
    """The ticket as it was when the order was placed."""


class OrderView(OrderFields, View):
    """A buyer's order. `total` is in minor units of `currency`."""

    status: Annotated[str, one_of(Status)]
    currency: Currency
    ticket: OrderedTicketView
