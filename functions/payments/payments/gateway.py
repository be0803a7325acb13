"""Stripe, as far as payments needs it: the only file that imports stripe.

The library is imported where it is called, so that requests that never call Stripe do not wait for it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tiketz_common import secrets
from tiketz_common.errors import Code, Unavailable
from tiketz_common.log import logger

from payments.model import Intent, IntentStatus, Order
from payments.settings import StripeSettings

if TYPE_CHECKING:
    from stripe import PaymentIntent, StripeClient

TIMEOUT_SECONDS = 8
RETRIES = 1  # of a broken connection, a 409 or a 5xx; the SDK repeats it under the same idempotency key
NOT_CACHED = {None, 401, 403, 409, 429}  # no reply, or one given before Stripe began to execute


class PaymentProviderError(Unavailable):
    """503: Stripe refused, failed or did not respond. What it did is unknown until the intent is retrieved.

    `cached_by_provider`: under an idempotency key the same response will be given for a day
    (https://docs.stripe.com/api/idempotent_requests).
    """

    code: Code = "payment_provider_unavailable"

    def __init__(self, message: str, *, cached_by_provider: bool = False) -> None:
        super().__init__(message)
        self.cached_by_provider = cached_by_provider


@lru_cache(maxsize=1)
def connect(secret_key: str, api_base: str) -> "StripeClient":
    """A client that keeps its connection open, one for each key."""
    from stripe import RequestsClient, StripeClient

    logging.getLogger("stripe").setLevel(logging.WARNING)  # or it writes two lines for each request
    return StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )


class Gateway:
    """Each call returns the intent as it is afterwards, and raises PaymentProviderError."""

    def __init__(self, client: Callable[[], "StripeClient"]) -> None:
        self._client = client

    @classmethod
    def from_settings(cls, settings: StripeSettings) -> "Gateway":
        """A gateway whose secret key is read, at most five minutes old, at each call."""
        key, api_base = settings.stripe_secret_key_parameter, settings.stripe_api_base
        return cls(lambda: connect(secrets.read(key), api_base))

    def create(self, order: Order) -> Intent:
        """The order's intent. Idempotent: later calls get the response of the first."""
        with _translated_errors("create"):
            return _intent(
                self._client().v1.payment_intents.create(
                    {
                        "amount": order.total,
                        "currency": order.currency,
                        "capture_method": "manual",
                        # payment_method_types until API version 2026-09-30; wallets are cards
                        "allowed_payment_method_types": ["card"],
                        "metadata": {"orderId": order.id},
                    },
                    {"idempotency_key": f"order-{order.id}"},
                )
            )

    def retrieve(self, intent_id: str) -> Intent:
        """The intent as it is now."""
        with _translated_errors("retrieve"):
            return _intent(
                self._client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
            )

    def capture(self, intent_id: str) -> Intent:
        """Take all that was authorised. It has no idempotency key: after an error, retrieve the intent."""
        with _translated_errors("capture"):
            return _intent(self._client().v1.payment_intents.capture(intent_id))

    def cancel(self, intent_id: str) -> Intent:
        """Release all that was authorised. It has no idempotency key: after an error, retrieve the intent."""
        with _translated_errors("cancel"):
            return _intent(self._client().v1.payment_intents.cancel(intent_id))

    def refund(self, intent_id: str, order_id: str) -> Intent:
        """Refund all that was taken. Idempotent."""
        with _translated_errors("refund"):
            self._client().v1.refunds.create(
                {"payment_intent": intent_id}, {"idempotency_key": f"refund-{order_id}"}
            )
        return self.retrieve(intent_id)

    def missed_refunds(self, since: datetime) -> list[dict[str, Any]]:
        """Stripe's refund events since then whose webhooks were not delivered to us."""
        with _translated_errors("list events"):
            events = self._client().v1.events.list(
                {
                    "type": "charge.refunded",
                    "delivery_success": False,
                    "created": {"gte": int(since.timestamp())},
                    "limit": 100,
                }
            )
            return [event.to_dict() for event in events.auto_paging_iter()]


@contextmanager
def _translated_errors(operation: str) -> Iterator[None]:
    """Turns Stripe's errors into PaymentProviderError. Their bodies may hold a client secret: not logged."""
    from stripe import StripeError

    try:
        yield
    except StripeError as error:
        logger.warning(
            "stripe_request_failed",
            operation=operation,
            error=type(error).__name__,
            status=error.http_status,
            code=error.code,
            request_id=error.request_id,
        )
        raise PaymentProviderError(
            "Our payment provider is not answering; try again in a moment.",
            cached_by_provider=error.http_status not in NOT_CACHED,
        ) from error


def _intent(intent: "PaymentIntent") -> Intent:
    status = IntentStatus(intent.status)
    amounts = {
        IntentStatus.REQUIRES_CAPTURE: intent.amount_capturable,
        IntentStatus.SUCCEEDED: intent.amount_received,
    }
    charge = intent.latest_charge
    return Intent(
        id=intent.id,
        order_id=(intent.metadata.to_dict() if intent.metadata else {}).get("orderId"),
        status=status,
        amount=amounts.get(status, intent.amount),
        currency=intent.currency,
        refunded=charge is not None and not isinstance(charge, str) and charge.refunded,
        client_secret=intent.client_secret or "",
    )
