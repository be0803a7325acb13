"""Stripe's events (https://docs.stripe.com/api/events): those we subscribe to, and what they are about."""

from typing import Any, NamedTuple

from tiketz_common.errors import BadRequest

WEBHOOK_EVENTS = ("payment_intent.amount_capturable_updated", "payment_intent.canceled", "charge.refunded")
"""The event types that our webhook is subscribed to: changes that others make. What we do ourselves (create,
capture) is in the response and, where a response is lost, in the next settling."""

INTENT_EVENTS = {
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
}
CHARGE_EVENTS = {"charge.refunded"}


class IntentReference(NamedTuple):
    """The order and the PaymentIntent that an event is about."""

    order_id: str
    intent_id: str


def parse(event: dict[str, Any]) -> IntentReference | None:
    """The intent that a Stripe event is about; None for an event that concerns no order of ours.

    Stripe copies an intent's metadata to its charges (https://docs.stripe.com/metadata).
    Raises BadRequest for what is not shaped as Stripe's events are.
    """
    event_type = event.get("type")
    if not isinstance(event_type, str) or event_type not in INTENT_EVENTS | CHARGE_EVENTS:
        return None
    try:
        subject = event["data"]["object"]
        order_id = (subject.get("metadata") or {}).get("orderId")
        intent_id = subject.get("payment_intent") if event_type in CHARGE_EVENTS else subject["id"]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest("This is not an event as Stripe sends them.") from error
    if not isinstance(order_id, str) or not isinstance(intent_id, str):
        return None
    return IntentReference(order_id, intent_id) if order_id and intent_id else None
