"""Webhook signatures (https://docs.stripe.com/webhooks#verify-manually)."""

import hmac
import re
from datetime import datetime
from hashlib import sha256

from tiketz_common.errors import BadRequest, Code

TOLERANCE_SECONDS = 300  # into the past and into the future

_PART = re.compile(r"(t)=(\d{1,12})|(v1)=([0-9a-f]{64})", re.ASCII)


class BadSignature(BadRequest):
    """The signature was not made with the secret."""

    code: Code = "signature_invalid"


def verify(payload: str, header: str | None, secret: str, now: datetime) -> None:
    """Raises BadSignature for a wrong signature, BadRequest for one that is more than five minutes off."""
    parts = [part for each in (header or "").split(",") if (part := _PART.fullmatch(each.strip()))]
    times = [part[2] for part in parts if part[1]]
    if len(times) != 1:
        raise BadSignature("This webhook is not signed.")
    expected = hmac.new(secret.encode(), f"{times[0]}.{payload}".encode(), sha256).hexdigest()
    if not any(hmac.compare_digest(expected, part[4]) for part in parts if part[3]):
        raise BadSignature("This webhook's signature is not right.")
    if abs(now.timestamp() - int(times[0])) > TOLERANCE_SECONDS:
        raise BadRequest("This webhook was not signed just now.", code="signature_invalid")
