"""A ticket's fields as events and responses carry them."""

from pydantic import AwareDatetime
from tiketz_common.events import Fields


class TicketFields(Fields):
    """Read from a Ticket's attributes. `price` and `face_value` in minor units; `version` counts edits.

    `timeZone` is the venue's, an IANA name.
    """

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
    time_zone: str | None = None
    venue: str | None
    city: str | None
    category: str | None
    description: str | None
    version: int
    created_at: AwareDatetime
    delivery: str = "seller"
    face_value: int | None = None
