"""What Stripe owes the webhook endpoint: signed deliveries, repeated until one is answered with 2xx."""

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256

from local.stripe.errors import Row
from local.stripe.ledger import Ledger

FIRST_DELAY = (
    1.0  # seconds, doubled after every attempt; Stripe begins with minutes, too long to wait for here
)
LONGEST_DELAY = 3600.0
GIVES_UP_AFTER = 3 * 24 * 3600  # seconds; https://docs.stripe.com/webhooks#behaviors


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell the endpoint of an event: POST `body` with `headers`."""

    id: str
    type: str
    attempt: int
    body: str
    headers: dict[str, str]


def signature(body: str, secret: str, at: int) -> str:
    """The Stripe-Signature header (https://docs.stripe.com/webhooks#verify-manually)."""
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), sha256).hexdigest()
    return f"t={at},v1={digest}"


def due(ledger: Ledger, secret: str) -> list[Delivery]:
    """The deliveries whose time has come, oldest first; they stay due until `delivered` or `refused`."""
    now = ledger.clock()
    ready = [row for row in ledger.rows["delivery"].values() if row["due"] <= now]
    return [_delivery(ledger, row, secret) for row in ready]


def _delivery(ledger: Ledger, row: Row, secret: str) -> Delivery:
    event = ledger.get("event", row["id"])
    body = json.dumps(event)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(body, secret, ledger.now()),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    return Delivery(row["id"], event["type"], row["attempts"] + 1, body, headers)


def mark_delivered(ledger: Ledger, id: str) -> None:
    """The endpoint answered 2xx. Harmless for a delivery that was settled before."""
    ledger.remove("delivery", id)
    ledger.put("event", ledger.get("event", id) | {"pending_webhooks": 0})


def mark_failed(ledger: Ledger, id: str) -> None:
    """The endpoint answered anything else, or nothing: try again later, for three days."""
    row = ledger.rows["delivery"].get(id)
    if row is None:
        return
    if ledger.now() - ledger.get("event", id)["created"] >= GIVES_UP_AFTER:
        ledger.remove("delivery", id)
        return
    delay = min(FIRST_DELAY * 2.0 ** min(row["attempts"], 12), LONGEST_DELAY)
    ledger.put("delivery", row | {"attempts": row["attempts"] + 1, "due": ledger.clock() + delay})


def next_due(ledger: Ledger) -> float | None:
    """When the next delivery is due, seconds since the epoch."""
    return min((row["due"] for row in ledger.rows["delivery"].values()), default=None)
