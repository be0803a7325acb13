"""Webhooks: signed deliveries, repeated until the endpoint responds with 2xx."""

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256

from local.stripe.errors import Row
from local.stripe.ledger import Ledger

FIRST_DELAY_SECONDS = 1.0  # doubled after each attempt; Stripe starts with minutes, too long for tests
MAX_DELAY_SECONDS = 3600.0
RETRY_SECONDS = 3 * 24 * 3600  # https://docs.stripe.com/webhooks#behaviors


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver an event: POST `body` with `headers`."""

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
    """The deliveries that are due, oldest first. They stay due until they are marked."""
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


def mark_delivered(ledger: Ledger, object_id: str) -> None:
    """The endpoint responded with 2xx. Idempotent."""
    ledger.remove("delivery", object_id)
    ledger.put("event", ledger.get("event", object_id) | {"pending_webhooks": 0})


def mark_failed(ledger: Ledger, object_id: str) -> None:
    """The endpoint responded with another status, or not at all: retry later, for three days."""
    row = ledger.rows["delivery"].get(object_id)
    if row is None:
        return
    if ledger.now() - ledger.get("event", object_id)["created"] >= RETRY_SECONDS:
        ledger.remove("delivery", object_id)
        return
    delay = min(FIRST_DELAY_SECONDS * 2.0 ** min(row["attempts"], 12), MAX_DELAY_SECONDS)
    ledger.put("delivery", row | {"attempts": row["attempts"] + 1, "due": ledger.clock() + delay})
