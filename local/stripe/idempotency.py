"""Responses stored for a day under their idempotency keys.

https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
import json
from collections.abc import Mapping

from local.stripe.errors import Row, idempotency_error
from local.stripe.ledger import Ledger
from local.stripe.params import Raw

KEPT_SECONDS = 24 * 3600


def fingerprint(raw: Mapping[str, Raw]) -> str:
    """Equal for equal parameters in any order. A digest: the parameters may contain a card number."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def stored_response(ledger: Ledger, key: str, path: str, raw: Mapping[str, Raw]) -> Row | None:
    """The stored response, None for a new key. Raises ApiError for a key of another request."""
    if len(key) > 255:
        raise idempotency_error("Idempotency keys may be at most 255 characters long.")
    stored = ledger.rows["answer"].get(key)
    if stored is None:
        return None
    if stored["path"] != path:
        raise idempotency_error(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{stored['path']}'). Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
    if stored["parameters"] != fingerprint(raw):
        raise idempotency_error(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{key}' if you meant to execute a different request."
        )
    return stored


def store_response(
    ledger: Ledger, key: str, path: str, raw: Mapping[str, Raw], status: int, body: Row, request_id: str
) -> None:
    """Store a response, whatever its status."""
    ledger.put(
        "answer",
        {
            "id": key,
            "path": path,
            "parameters": fingerprint(raw),
            "created": ledger.now(),
            "status": status,
            "body": body,
            "request": request_id,
        },
    )


def drop_expired(ledger: Ledger) -> None:
    """Drop what is older than a day. To be called before `stored_response`."""
    responses = ledger.rows["answer"]
    oldest = ledger.now() - KEPT_SECONDS
    while responses and (first := next(iter(responses.values())))["created"] <= oldest:
        ledger.remove("answer", first["id"])
