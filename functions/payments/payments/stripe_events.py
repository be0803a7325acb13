"""Stripe's events (https://docs.stripe.com/api/events): those we subscribe to, and what they are about."""

from typing import Any, NamedTuple

from tiketz_common.errors import BadRequest

MONEY_EVENTS = (
    "charge.refunded",
    "refund.updated",  # a pending refund succeeded
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",  # an inquiry became a dispute
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
"""What happens to captured money: events about a charge, a refund or a dispute, which name their intent."""

WEBHOOK_EVENTS = ("payment_intent.amount_capturable_updated", "payment_intent.canceled", *MONEY_EVENTS)
"""The event types that our webhook is subscribed to: changes that others make. What we do ourselves (create,
capture) is in the response and, where a response is lost, in the next settling."""

INTENT_EVENTS = {
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
}


class IntentReference(NamedTuple):
    """The PaymentIntent that an event is about, and its order where the event says it."""

    order_id: str | None
    intent_id: str


def parse(event: dict[str, Any]) -> IntentReference | None:
    """The intent that a Stripe event is about; None for an event that concerns no order of ours.

    Raises BadRequest for what is not shaped as Stripe's events are.
    """
    event_type = event.get("type")
    if not isinstance(event_type, str) or event_type not in INTENT_EVENTS.union(MONEY_EVENTS):
        return None
    try:
        subject = event["data"]["object"]
        if event_type in MONEY_EVENTS:
            intent_id = subject.get("payment_intent")
            return IntentReference(None, intent_id) if intent_id and isinstance(intent_id, str) else None
        order_id, intent_id = (subject.get("metadata") or {}).get("orderId"), subject["id"]
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest("This is not an event as Stripe sends them.") from error
    if not isinstance(order_id, str) or not isinstance(intent_id, str):
        return None
    return IntentReference(order_id, intent_id) if order_id and intent_id else None
