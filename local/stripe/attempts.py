"""One attempt to take a buyer's money: perhaps a challenge, then a charge that holds, pays or fails."""

from local.stripe import objects
from local.stripe.cards import Decline
from local.stripe.errors import Row
from local.stripe.ledger import Ledger

AUTHORISATION_LASTS = (
    7 * 24 * 3600
)  # seconds; https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
PROCESSING_LASTS = 30  # seconds; Stripe promises no time


def begin(ledger: Ledger, intent: Row, method: Row, return_url: str | None) -> Row:
    """The intent after a confirm with `method`; a decline is told by its last_payment_error.

    `return_url`: where to send the buyer after a challenge; None when the browser library opens it in place.
    """
    forget_challenge(ledger, intent)
    intent = intent | {"payment_method": method["id"], "next_action": None}
    if objects.card_of(method).three_d_secure:
        return _challenge(ledger, intent, return_url)
    if ledger.slow_issuer:
        intent = ledger.put("payment_intent", intent | {"status": "processing"})
        ledger.set_alarm(intent["id"], ledger.clock() + PROCESSING_LASTS, "finish")
        ledger.tell("payment_intent.processing", intent)
        return intent
    return _charge(ledger, intent, method)


def finish(ledger: Ledger, intent: Row) -> Row:
    """The issuer's late answer to an attempt that was stalled."""
    return _charge(ledger, intent, ledger.get("payment_method", intent["payment_method"]))


def answer(ledger: Ledger, challenge_id: str, passed: bool) -> Row | None:
    """The buyer's bank has decided; None, and nothing happens, if nobody waits for that any more."""
    challenge = ledger.rows["challenge"].get(challenge_id)
    if challenge is None:
        return None
    intent = ledger.get("payment_intent", challenge["payment_intent"])
    method = ledger.get("payment_method", intent["payment_method"])
    forget_challenge(ledger, intent)
    if passed:
        return _charge(ledger, intent, method, authenticated=True)
    return _failed(ledger, intent, objects.unauthenticated(method))


def forget_challenge(ledger: Ledger, intent: Row) -> None:
    """A challenge is open for as long as its intent shows it as the next action."""
    action = intent["next_action"]
    if action is not None:
        kind = action["type"]
        url = action[kind]["url" if kind == "redirect_to_url" else "stripe_js"]
        ledger.remove("challenge", url.rpartition("/")[2])


def _challenge(ledger: Ledger, intent: Row, return_url: str | None) -> Row:
    id = ledger.ids("src_")
    url = f"{ledger.challenges_at}/{id}"
    action: Row
    if return_url is not None:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    else:
        sdk = {"source": id, "stripe_js": url, "type": "three_d_secure_redirect"}
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}
    ledger.put("challenge", {"id": id, "payment_intent": intent["id"], "return_url": return_url})
    intent = ledger.put("payment_intent", intent | {"status": "requires_action", "next_action": action})
    ledger.tell("payment_intent.requires_action", intent)
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
    intent = ledger.put(
        "payment_intent", intent | {"status": "succeeded", "amount_received": intent["amount"]}
    )
    ledger.tell("charge.succeeded", charge)
    ledger.tell("payment_intent.succeeded", intent)
    return intent


def _authorised(ledger: Ledger, intent: Row, charge: Row) -> Row:
    until = ledger.now() + AUTHORISATION_LASTS
    details = charge["payment_method_details"]
    card = details["card"] | {"capture_before": until}
    charge = ledger.put("charge", charge | {"payment_method_details": details | {"card": card}})
    held = {"status": "requires_capture", "amount_capturable": intent["amount"]}
    intent = ledger.put("payment_intent", intent | held)
    ledger.set_alarm(intent["id"], until, "expire")
    ledger.tell("charge.succeeded", charge)
    ledger.tell("payment_intent.amount_capturable_updated", intent)
    return intent


def _declined(ledger: Ledger, intent: Row, method: Row, charge: Row, decline: Decline) -> Row:
    ledger.put("charge", charge)
    ledger.tell("charge.failed", charge)
    return _failed(ledger, intent, objects.declined(decline, method, charge["id"]))


def _failed(ledger: Ledger, intent: Row, error: Row) -> Row:
    """Back to the start: the buyer may try another card."""
    back = {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent = ledger.put("payment_intent", intent | back | {"last_payment_error": error})
    ledger.tell("payment_intent.payment_failed", intent)
    return intent
