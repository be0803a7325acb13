"""Stripe's webhook: an event only says which intent to retrieve and settle."""

import json
import time
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, guard, secrets, settings
from tiketz_common.http import Api, header, json_response
from tiketz_common.origin import Origin
from tiketz_common.powertools import Depends, Request, Response

from payments import service, signature, stripe_events
from payments.gateway import Gateway
from payments.repository import SaleTable
from payments.settings import StripeSettings, WebhookSettings

MAX_BYTES = 256 * 1024  # an event holds a whole object, its metadata and its previous values
REREAD_INTERVAL_SECONDS = 10.0  # so that forged webhooks do not become requests to SSM

config = settings.read(WebhookSettings)
api = Api(settings.read(Origin), MAX_BYTES)
sales = SaleTable(config.table_name)
sales.connect()
stripe = Gateway.from_settings(settings.read(StripeSettings))


def raw_body(request: Request) -> str:
    """The body as it was signed."""
    return guard.text(request.resolved_event.raw_event, MAX_BYTES)


class Verifier:
    """Verifies signatures; reads the secret again where one does not match, for it may have been rotated."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._reread_at = float("-inf")

    def verify(self, payload: str, header: str | None) -> None:
        """Raises BadRequest."""
        try:
            signature.verify(payload, header, secrets.read(self._parameter), clock.now())
        except signature.BadSignature:
            if time.monotonic() - self._reread_at < REREAD_INTERVAL_SECONDS:
                raise
            self._reread_at = time.monotonic()
            signature.verify(payload, header, secrets.reread(self._parameter), clock.now())


verifier = Verifier(config.stripe_webhook_secret_parameter)


@api.route("POST", "/api/payments/webhook", summary="Receive an event from Stripe", responses={200: None})
def on_stripe_event(
    payload: Annotated[str, Depends(raw_body)],
    signature_header: Annotated[str | None, header("Stripe-Signature")],
) -> Response[str]:
    """Acts on the PaymentIntent that the event is about, as Stripe has it now.

    The signature must be of the last five minutes. Repeated events, unknown orders and other types are
    accepted.
    """
    verifier.verify(payload, signature_header)
    event = json.loads(payload or "{}")
    reference = stripe_events.parse(event)
    if reference:
        service.on_stripe_event(*reference, sales=sales, gateway=stripe, now=clock.now())
    elif declined := stripe_events.declined_card(event):
        limit = config.max_declined_cards
        service.on_card_declined(*declined, limit, sales=sales, gateway=stripe, now=clock.now())
    return json_response(200)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)
