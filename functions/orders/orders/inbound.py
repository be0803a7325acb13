"""What orders hears. Each model names only the fields orders reads."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel


class TicketChanged(CamelModel):
    """A listing, whole, as its seller left it."""

    id: str
    title: str
    price: int
    currency: str
    quantity: int
    seller_id: str
    starts_at: AwareDatetime | None
    venue: str | None
    city: str | None
    status: str
    version: int


class HoldElapsed(CamelModel):
    """A timer ran out; it may be that of an earlier, shorter hold."""

    order_id: str


class PaymentChanged(CamelModel):
    """A payment; `amount` in minor units of `currency`."""

    order_id: str
    amount: int
    currency: str
