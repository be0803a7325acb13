"""Stripe's door to the payments service: what it tells is believed only as far as where to look."""

import json
import os
import time
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, guard, secrets
from tiketz_common.http import Api, header, json_response
from tiketz_common.powertools import Depends, Request, Response

from payments import gateway, service, signature, stripe_events
from payments.repository import SaleTable

MAX_BYTES = 256 * 1024  # an event holds a whole object, its metadata and what changed of it
REREAD_AT_MOST_EVERY = 10.0  # seconds, so that forged webhooks do not become requests to SSM

SECRET_KEY, API_BASE = os.environ["STRIPE_SECRET_KEY_PARAMETER"], os.environ["STRIPE_API_BASE"]
WEBHOOK_SECRET = os.environ["STRIPE_WEBHOOK_SECRET_PARAMETER"]

api = Api(os.environ["ORIGIN_SECRET"], MAX_BYTES)
sales = SaleTable(os.environ["TABLE_NAME"])
stripe = gateway.Gateway(lambda: gateway.connect(secrets.read(SECRET_KEY), API_BASE))


def raw(request: Request) -> str:
    """The body as it was signed."""
    return guard.text(request.resolved_event.raw_event, MAX_BYTES)


class Verifier:
    """Knows the webhook secret, and looks again where a signature does not fit: it may have been rotated."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._reread_at = float("-inf")

    def verify(self, payload: str, given: str | None) -> None:
        """Raises BadRequest."""
        try:
            signature.verify(payload, given, secrets.read(self._parameter), clock.now())
        except signature.BadSignature:
            if time.monotonic() - self._reread_at < REREAD_AT_MOST_EVERY:
                raise
            self._reread_at = time.monotonic()
            signature.verify(payload, given, secrets.reread(self._parameter), clock.now())


verifier = Verifier(WEBHOOK_SECRET)


@api.route("POST", "/api/payments/webhook", summary="Hear from Stripe", responses={200: None})
def on_stripe_event(
    sent: Annotated[str, Depends(raw)], given: Annotated[str | None, header("Stripe-Signature")]
) -> Response[str]:
    verifier.verify(sent, given)
    reference = stripe_events.parse(json.loads(sent or "{}"))
    if reference:
        service.on_stripe_event(*reference, sales=sales, gateway=stripe, now=clock.now())
    return json_response(200)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return api.handle(event, context)
