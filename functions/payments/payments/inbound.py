"""Events that payments consumes. Each model names only the fields that payments reads."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel

from payments.model import Delivery, Order, OrderStatus


class OrderChanged(CamelModel):
    """An order, whole. `total` in minor units; `version` counts its changes."""

    id: str
    user_id: str
    status: OrderStatus
    total: int
    currency: str
    expires_at: AwareDatetime
    version: int
    delivery: str = "seller"

    def order(self) -> Order:
        """Our copy of the order."""
        return Order(**dict(self))


class TicketsDelivered(CamelModel):
    """Every unit of an order is its buyer's. `version` counts the changes of the delivery."""

    order_id: str
    version: int

    def delivery(self) -> Delivery:
        """Our copy of the delivery."""
        return Delivery(delivered=True, version=self.version)
