"""Stripe's events (https://docs.stripe.com/api/events): those we subscribe to, and what they are about."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from tiketz_common.errors import BadRequest

from payments.model import Decline

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

DECLINED = "payment_intent.payment_failed"
WEBHOOK_EVENTS = (
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    DECLINED,
    *MONEY_EVENTS,
)
"""The event types that our webhook is subscribed to: changes that others make. What we do ourselves (create,
capture) is in the response and, where a response is lost, in the next settling."""

INTENT_EVENTS = {
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.canceled",
}
NO_DECLINE = "payment_intent_authentication_failure"  # the buyer's, not the card's


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


def declined_card(event: dict[str, Any]) -> tuple[str, Decline] | None:
    """The order and the declined card of an attempt to pay that failed; None for any other event.

    A bank's question that the buyer did not answer is no declined card
    (https://docs.stripe.com/error-codes#payment-intent-authentication-failure). Raises BadRequest.
    """
    if event.get("type") != DECLINED:
        return None
    try:
        intent = event["data"]["object"]
        order_id = (intent.get("metadata") or {}).get("orderId")
        if not order_id or (intent.get("last_payment_error") or {}).get("code") == NO_DECLINE:
            return None
        return str(order_id), Decline(id=str(event["id"]), at=datetime.fromtimestamp(event["created"], UTC))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        raise BadRequest("This is not an event as Stripe sends them.") from error
