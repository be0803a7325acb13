"""The operations of a PaymentIntent, by its status.

https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from datetime import UTC, datetime

from local.stripe import attempts, disputes, objects
from local.stripe.cards import BY_NAME, BY_NUMBER, EXPIRED, card_problem, full_year
from local.stripe.errors import (
    Row,
    amount_too_small,
    card_error,
    invalid,
    missing,
    not_allowed,
    unexpected_state,
)
from local.stripe.ledger import Ledger
from local.stripe.params import CURRENCIES, LARGEST, SMALLEST

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")


def create(ledger: Ledger, args: Row) -> Row:
    _check_amount(args["amount"], args["currency"])
    for name in ("payment_method_data", "return_url", "use_stripe_sdk"):
        if name in args and not args.get("confirm"):
            message = f"You can only pass in `{name}` when `confirm` is set to true on this PaymentIntent."
            raise invalid(message, None, name)
    intent = objects.payment_intent(ledger, args)
    if "payment_method" in args:
        method = _method(ledger, args["payment_method"])
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    ledger.put("payment_intent", intent)
    ledger.record_event("payment_intent.created", intent)
    if args.get("confirm"):
        return confirm(ledger, intent, {name: args[name] for name in args if name != "payment_method"})
    return intent


def _check_amount(amount: int, currency: str) -> None:
    sign, least = CURRENCIES[currency], SMALLEST[currency]
    if amount < least:
        raise amount_too_small(sign, least, currency)
    if amount > LARGEST:
        message = f"Amount must be no more than {sign}{LARGEST / 100:,.2f}"
        raise invalid(message, "amount_too_large", "amount")


def confirm(ledger: Ledger, intent: Row, args: Row) -> Row:
    """Charge the card. A decline is recorded, then raised as a card_error."""
    status = intent["status"]
    if status in ("succeeded", "requires_capture"):
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
            "confirmed.",
            intent,
        )
    if status not in CONFIRMABLE:
        raise unexpected_state(
            f"You cannot confirm this PaymentIntent because it has a status of {status}. Only a "
            "PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, "
            "requires_action.",
            intent,
        )
    if "payment_method_data" in args:
        method = _method_from_card(ledger, args["payment_method_data"])
    else:
        object_id = args.get("payment_method", intent["payment_method"])
        if object_id is None:
            raise unexpected_state(
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either "
                "update the PaymentIntent with a payment method and then confirm it again, or confirm it "
                "again directly with a payment method or ConfirmationToken.",
                intent,
            )
        method = _method(ledger, object_id)
    if "receipt_email" in args:
        intent = intent | {"receipt_email": args["receipt_email"]}
    return_url = None if args.get("use_stripe_sdk") else args.get("return_url")
    intent = attempts.start(ledger, intent, method, return_url)
    if intent["status"] == "requires_payment_method":
        raise card_error(intent["last_payment_error"], intent)
    return intent


def _method(ledger: Ledger, object_id: str) -> Row:
    """A stored payment method. Each use of a test name (pm_card_visa) creates one."""
    card = BY_NAME.get(object_id)
    if card is not None:
        year = datetime.fromtimestamp(ledger.clock(), UTC).year + (-1 if card.decline is EXPIRED else 1)
        return ledger.put("payment_method", objects.payment_method(ledger, card, 12, year))
    method = ledger.rows["payment_method"].get(object_id)
    if method is None:
        raise missing("PaymentMethod", object_id, "payment_method")
    return method


def _method_from_card(ledger: Ledger, details: Row) -> Row:
    """A new payment method from entered card details. Raises a card_error; the intent stays as it is."""
    card = details["card"] | {"number": details["card"]["number"].replace(" ", "")}
    today = datetime.fromtimestamp(ledger.clock(), UTC)
    problem = card_problem(card, (today.year, today.month))
    if problem is not None:
        param, decline = problem
        error = {"code": decline.code, "decline_code": decline.decline_code, "message": decline.message}
        raise card_error(error | {"param": param}, None)
    year = full_year(card["exp_year"])
    method = objects.payment_method(
        ledger, BY_NUMBER[card["number"]], card["exp_month"], year, details.get("billing_details")
    )
    return ledger.put("payment_method", method)


def capture(ledger: Ledger, intent: Row, args: Row) -> Row:
    """Capture what was authorised, or a part. The rest is released without a refund.

    (https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow)
    """
    if intent["status"] == "succeeded":
        raise unexpected_state(
            "This PaymentIntent could not be captured because it has already been captured.", intent
        )
    if intent["status"] != "requires_capture":
        raise unexpected_state(
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be captured: requires_capture.",
            intent,
        )
    amount = args.get("amount_to_capture", intent["amount_capturable"])
    if amount > intent["amount_capturable"]:
        raise not_allowed(
            f"The amount to capture ({amount}) is greater than the amount capturable "
            f"({intent['amount_capturable']}).",
            "amount_too_large",
            "amount_to_capture",
        )
    charge = ledger.get("charge", intent["latest_charge"])
    charge = ledger.put("charge", charge | {"captured": True, "amount_captured": amount})
    disputes.schedule(ledger, charge)
    captured = {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    intent = ledger.put(
        "payment_intent", intent | captured | {"metadata": intent["metadata"] | args.get("metadata", {})}
    )
    ledger.remove("alarm", intent["id"])
    ledger.record_event("charge.captured", charge)
    ledger.record_event("payment_intent.succeeded", intent)
    return intent


def cancel(ledger: Ledger, intent: Row, args: Row) -> Row:
    """Cancel for good. What was authorised is released, without an event of the charge."""
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELABLE)}.",
            intent,
        )
    attempts.close_challenge(ledger, intent)
    ledger.remove("alarm", intent["id"])
    return _cancelled(ledger, intent, args.get("cancellation_reason"))


def expire(ledger: Ledger, intent: Row) -> Row:
    """Cancel an authorisation that was not captured in time."""
    ledger.record_event("charge.expired", ledger.get("charge", intent["latest_charge"]))
    return _cancelled(ledger, intent, "expired")


def _cancelled(ledger: Ledger, intent: Row, reason: str | None) -> Row:
    canceled = {"status": "canceled", "canceled_at": ledger.now(), "cancellation_reason": reason}
    intent = ledger.put("payment_intent", intent | canceled | {"amount_capturable": 0, "next_action": None})
    ledger.record_event("payment_intent.canceled", intent)
    return intent
