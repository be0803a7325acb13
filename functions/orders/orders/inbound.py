"""Events that orders consumes. Each model names only the fields that orders reads."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel

from orders.model import Delivery, Ticket


class TicketChanged(CamelModel):
    """A listing, whole, after its seller's change. `price` in minor units; `version` counts edits."""

    id: str
    title: str
    price: int
    currency: str
    quantity: int
    seller_id: str
    starts_at: AwareDatetime | None
    time_zone: str | None = None
    venue: str | None
    city: str | None
    status: str
    version: int
    delivery: Delivery = Delivery.SELLER

    def ticket(self) -> Ticket:
        """Our copy of the listing."""
        return Ticket(
            **self.model_dump(exclude={"status"}),
            listed=self.status not in ("withdrawn", "draft"),
            draft=self.status == "draft",
        )


class HoldElapsed(CamelModel):
    """A timer ended; it may be that of an earlier, shorter hold."""

    order_id: str


class DeliveryEnded(CamelModel):
    """Delivery has, or gives, the order no unit."""

    order_id: str


class PaymentChanged(CamelModel):
    """A payment; `amount` in minor units of `currency`. `declined`: too many cards were."""

    order_id: str
    amount: int
    currency: str
    declined: bool = False


class UserDeleted(CamelModel):
    """A user, perhaps a buyer, whose account is deleted."""

    user_id: str
