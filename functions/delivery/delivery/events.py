"""Events that delivery publishes."""

from tiketz_common.events import Event


class DeliveryEvent(Event):
    """The delivery of an order, whole. `units` are the ids of those that are its buyer's."""

    source = "tiketz.delivery"

    order_id: str
    ticket_id: str
    status: str
    units: list[str]
    version: int


class TicketsDelivered(DeliveryEvent):
    """Every unit of a completed order is allocated: its buyer may open them once the money is captured."""


class DeliveryFailed(DeliveryEvent):
    """A completed order got no unit within ten minutes, and never will."""


class UnitsReturned(DeliveryEvent):
    """An order that ended has no unit, or has given its unopened ones back."""


class UnitsChanged(Event):
    """How many units of a ticket are in its files: ready, allocated or opened."""

    source = "tiketz.delivery"

    ticket_id: str
    units: int
    version: int
