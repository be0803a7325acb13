"""Events that orders publishes."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel, Event

from orders.fields import OrderFields, TicketFields
from orders.model import Order, Status


class TicketSnapshot(TicketFields, CamelModel):
    """The ticket as it was when the order was placed. `price` in minor units."""


class OrderEvent(OrderFields, Event):
    """An order, whole. `total` in minor units; `version` counts its changes.

    `returned`: its units are for sale again though their files were allocated, or could have been.
    """

    source = "tiketz.orders"

    ticket_id: str
    seller_id: str | None = None
    reason: str | None = None
    ticket: TicketSnapshot
    completed_at: AwareDatetime | None = None
    returned: bool = False


class OrderCreated(OrderEvent):
    """Units of a ticket are held for a buyer until `expiresAt`."""


class OrderExtended(OrderEvent):
    """The units are held for longer."""


class OrderCompleted(OrderEvent):
    """The money is authorised; the units are the buyer's."""


class OrderCancelled(OrderEvent):
    """The order ended unsold; `reason` is buyer, amount, payment or undelivered."""


class OrderExpired(OrderEvent):
    """The hold ran out unpaid."""


class OrderRefunded(OrderEvent):
    """All the money went back. The units are for sale again, those of files once `returned`."""


class InventoryChanged(Event):
    """Where a ticket's units are: available + held + sold = quantity."""

    source = "tiketz.orders"

    ticket_id: str
    quantity: int
    available: int
    held: int
    sold: int
    inventory_version: int


ENDED = {
    Status.COMPLETED: OrderCompleted,
    Status.CANCELLED: OrderCancelled,
    Status.EXPIRED: OrderExpired,
    Status.REFUNDED: OrderRefunded,
}


def of(order: Order) -> OrderEvent:
    """The event that reports an order's latest change."""
    pending = OrderExtended if order.extensions else OrderCreated
    return ENDED.get(order.status, pending).model_validate(order, from_attributes=True)
