"""What payments hears. Each model names only the fields payments reads."""

from typing import Any

from pydantic import AwareDatetime
from tiketz_common.events import Wire

from payments.model import Order, OrderStatus

INTENT_EVENTS = {
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
}
CHARGE_EVENTS = {"charge.refunded"}


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
    """
    if event.get("type") not in INTENT_EVENTS | CHARGE_EVENTS:
        return None
    about = event["data"]["object"]
    order_id = (about.get("metadata") or {}).get("orderId")
    intent_id = about.get("payment_intent") if event["type"] in CHARGE_EVENTS else about["id"]
    return (order_id, intent_id) if order_id and intent_id else None
