"""One attempt to charge a card: a 3-D Secure challenge if the card asks for one, then the charge."""

from local.stripe import disputes, objects
from local.stripe.cards import Decline
from local.stripe.errors import Row
from local.stripe.ledger import Ledger

# https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
AUTHORISATION_SECONDS = 7 * 24 * 3600
PROCESSING_SECONDS = 30  # Stripe names no time


def start(ledger: Ledger, intent: Row, method: Row, return_url: str | None) -> Row:
    """The intent after a confirm with `method`. A decline is in its last_payment_error.

    `return_url`: where the buyer goes after a challenge; None where the browser library opens it in a frame.
    """
    close_challenge(ledger, intent)
    intent = intent | {"payment_method": method["id"], "next_action": None}
    if objects.card_of(method).three_d_secure:
        return _challenge(ledger, intent, return_url)
    if ledger.slow_issuer:
        intent = ledger.put("payment_intent", intent | {"status": "processing"})
        ledger.set_alarm(intent["id"], ledger.clock() + PROCESSING_SECONDS, "finish")
        ledger.record_event("payment_intent.processing", intent)
        return intent
    return _charge(ledger, intent, method)


def finish(ledger: Ledger, intent: Row) -> Row:
    """The intent after the late response of a slow issuer."""
    return _charge(ledger, intent, ledger.get("payment_method", intent["payment_method"]))


def complete_challenge(ledger: Ledger, challenge_id: str, passed: bool) -> Row | None:
    """The intent after the bank's decision. None, without a change, where the challenge is closed already."""
    challenge = ledger.rows["challenge"].get(challenge_id)
    if challenge is None:
        return None
    intent = ledger.get("payment_intent", challenge["payment_intent"])
    method = ledger.get("payment_method", intent["payment_method"])
    close_challenge(ledger, intent)
    if passed:
        return _charge(ledger, intent, method, authenticated=True)
    return _failed(ledger, intent, objects.unauthenticated(method))


def close_challenge(ledger: Ledger, intent: Row) -> None:
    """Remove the intent's challenge: it is open as long as it is the intent's next action."""
    action = intent["next_action"]
    if action is not None:
        kind = action["type"]
        url = action[kind]["url" if kind == "redirect_to_url" else "stripe_js"]
        ledger.remove("challenge", url.rpartition("/")[2])


def _challenge(ledger: Ledger, intent: Row, return_url: str | None) -> Row:
    object_id = ledger.ids("src_")
    url = f"{ledger.challenge_url}/{object_id}"
    action: Row
    if return_url is not None:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    else:
        sdk = {"source": object_id, "stripe_js": url, "type": "three_d_secure_redirect"}
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}
    ledger.put("challenge", {"id": object_id, "payment_intent": intent["id"], "return_url": return_url})
    intent = ledger.put("payment_intent", intent | {"status": "requires_action", "next_action": action})
    ledger.record_event("payment_intent.requires_action", intent)
    return intent


def _charge(ledger: Ledger, intent: Row, method: Row, *, authenticated: bool = False) -> Row:
    decline = objects.card_of(method).decline
    charge = objects.charge(ledger, intent, method, decline, authenticated)
    intent = intent | {"latest_charge": charge["id"], "last_payment_error": None, "next_action": None}
    if decline is not None:
        return _declined(ledger, intent, method, charge, decline)
    if intent["capture_method"] == "manual":
        return _authorised(ledger, intent, charge)
    charge = ledger.put("charge", charge | {"captured": True, "amount_captured": charge["amount"]})
    disputes.schedule(ledger, charge)
    intent = ledger.put(
        "payment_intent", intent | {"status": "succeeded", "amount_received": intent["amount"]}
    )
    ledger.record_event("charge.succeeded", charge)
    ledger.record_event("payment_intent.succeeded", intent)
    return intent


def _authorised(ledger: Ledger, intent: Row, charge: Row) -> Row:
    until = ledger.now() + AUTHORISATION_SECONDS
    details = charge["payment_method_details"]
    card = details["card"] | {"capture_before": until}
    charge = ledger.put("charge", charge | {"payment_method_details": details | {"card": card}})
    authorised = {"status": "requires_capture", "amount_capturable": intent["amount"]}
    intent = ledger.put("payment_intent", intent | authorised)
    ledger.set_alarm(intent["id"], until, "expire")
    ledger.record_event("charge.succeeded", charge)
    ledger.record_event("payment_intent.amount_capturable_updated", intent)
    return intent


def _declined(ledger: Ledger, intent: Row, method: Row, charge: Row, decline: Decline) -> Row:
    ledger.put("charge", charge)
    ledger.record_event("charge.failed", charge)
    return _failed(ledger, intent, objects.declined(decline, method, charge["id"]))


def _failed(ledger: Ledger, intent: Row, error: Row) -> Row:
    """The intent, ready for another card."""
    reset = {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent = ledger.put("payment_intent", intent | reset | {"last_payment_error": error})
    ledger.record_event("payment_intent.payment_failed", intent)
    return intent
