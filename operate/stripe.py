"""What the commands ask of Stripe, with the stage's own key."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from hashlib import sha256
from http.client import HTTPException
from typing import Any

from payments.stripe_events import WEBHOOK_EVENTS

from operate import secrets
from operate.stages import CannotDo, Stage

SIGNED = "tiketz_secret"  # in an endpoint's metadata
Fields = Sequence[tuple[str, str]]


def ask(
    place: Stage, method: str, path: str, fields: Fields = (), idempotency_key: str | None = None
) -> dict[str, Any]:
    """Stripe's answer. Raises CannotDo with Stripe's own sentence where it refuses."""
    base = place.parameters.get("StripeApiBase", "https://api.stripe.com")
    headers = {"Authorization": f"Bearer {secrets.read(place, 'stripe/secret-key')}"}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    sent = urllib.parse.urlencode(fields).encode() if fields else None
    request = urllib.request.Request(f"{base}/v1/{path}", data=sent, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        raise CannotDo(f"Stripe refused: {_reason(error)}") from error
    except (OSError, HTTPException) as error:
        raise CannotDo(f"Stripe can't be reached at {base}: {error}.") from error
    except ValueError as error:
        raise CannotDo(f"What answers at {base} is not Stripe.") from error


def _reason(error: urllib.error.HTTPError) -> str:
    """Stripe's own sentence; a proxy before it may have none."""
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}."


def hear(place: Stage, address: str) -> tuple[str, str]:
    """Have Stripe tell this address what payments asks for; the endpoint's id and its signing secret.

    Stripe gives the secret only once, so an endpoint that is there already is replaced. Raises CannotDo; the
    secret must be kept before `mark`, which may fail too.
    """
    for each in endpoints(place, address):
        forget(place, each["id"])
    fields = [("url", address), *(("enabled_events[]", name) for name in WEBHOOK_EVENTS)]
    made = ask(place, "POST", "webhook_endpoints", fields)
    return str(made["id"]), str(made["secret"])


def mark(place: Stage, endpoint: str, secret: str) -> None:
    """Have an endpoint known by its secret, or it will be replaced next time. Raises CannotDo."""
    ask(place, "POST", f"webhook_endpoints/{endpoint}", [(f"metadata[{SIGNED}]", _digest(secret))])


def tells(place: Stage, address: str, secret: str) -> bool:
    """Whether Stripe, as whom the secret key is for, tells this address all, signed by this secret.

    Raises CannotDo.
    """
    return any(
        each["status"] == "enabled"
        and set(each["enabled_events"]) == set(WEBHOOK_EVENTS)
        and each["metadata"].get(SIGNED) == _digest(secret)
        for each in endpoints(place, address)
    )


def endpoints(place: Stage, address: str) -> list[dict[str, Any]]:
    """The endpoints that tell this address; an account has at most 16. Raises CannotDo."""
    found = ask(place, "GET", "webhook_endpoints?limit=100")["data"]
    return [dict(each) for each in found if each["url"] == address]


def _digest(secret: str) -> str:
    """By what an endpoint is known to sign with a secret, which Stripe tells only once."""
    return sha256(secret.encode()).hexdigest()[:16]


def forget(place: Stage, endpoint: str) -> None:
    """Have Stripe tell it nothing any more. Raises CannotDo."""
    ask(place, "DELETE", f"webhook_endpoints/{endpoint}")
