"""The fields that an order's events and responses share."""

import operator

from pydantic import AwareDatetime, Field
from tiketz_common.events import Fields


class TicketFields(Fields):
    """The ticket as it was when the order was placed. `price` in minor units of the order's currency."""

    id: str
    title: str
    price: int
    starts_at: AwareDatetime | None
    time_zone: str | None = None
    venue: str | None
    city: str | None


class OrderFields(Fields):
    """An order. `total` in minor units of `currency`; `version` counts its changes.

    `declined`, there where it is true: it was cancelled after too many declined cards.
    """

    id: str
    user_id: str
    status: str
    quantity: int
    total: int
    currency: str
    expires_at: AwareDatetime
    created_at: AwareDatetime
    extensions: int
    version: int
    delivery: str = "seller"
    declined: bool = Field(False, exclude_if=operator.not_)
