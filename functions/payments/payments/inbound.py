"""What payments hears. Each model names only the fields payments reads."""

from typing import Any

from pydantic import AwareDatetime
from tiketz_common.errors import BadRequest
from tiketz_common.events import Wire

from payments.model import Order, OrderStatus

INTENT_EVENTS = {
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
}
CHARGE_EVENTS = {"charge.refunded"}

ASKED_FOR = ("payment_intent.amount_capturable_updated", "payment_intent.canceled", "charge.refunded")
"""What Stripe is to tell us of: what others do. Of what we do ourselves (create, capture) the answer tells,
and where it is lost, the next settling; told of it all the same, we look."""


class OrderChanged(Wire):
    """An order, whole."""

    id: str
    user_id: str
    status: OrderStatus
    total: int
    currency: str
    expires_at: AwareDatetime
    version: int

    def order(self) -> Order:
        return Order(**dict(self))


def told_by_stripe(event: dict[str, Any]) -> tuple[str, str] | None:
    """The order and the intent that a webhook is about; None for a webhook that is none of our business.

    Stripe copies an intent's metadata to its charges (https://docs.stripe.com/metadata).
    Raises BadRequest for what is not shaped as Stripe's events are.
    """
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in INTENT_EVENTS | CHARGE_EVENTS:
        return None
    try:
        about = event["data"]["object"]
        order_id = (about.get("metadata") or {}).get("orderId")
        intent_id = about.get("payment_intent") if kind in CHARGE_EVENTS else about["id"]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest("This is not an event as Stripe sends them.") from error
    if not isinstance(order_id, str) or not isinstance(intent_id, str):
        return None
    return (order_id, intent_id) if order_id and intent_id else None
