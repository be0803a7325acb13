"""Stripe, as far as payments needs it: the only file that imports stripe.

The library is imported where it is called, so that requests that never call Stripe do not wait for it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tiketz_common import metrics, secrets
from tiketz_common.errors import Busy, Code, Conflict, Unavailable
from tiketz_common.log import logger

from payments.intent import Dispute, DisputeState, Intent, IntentStatus, Refund, RefundState
from payments.model import Order
from payments.settings import StripeSettings

if TYPE_CHECKING:
    import stripe
    from stripe import PaymentIntent, StripeClient

TIMEOUT_SECONDS = 8
PAGE = 100  # Stripe's largest
USER_RETRIES = 1  # of a broken connection, a 409 or a 5xx, where a user waits for it
NOT_CACHED = {None, 401, 403, 409, 429}  # no reply, or one given before Stripe began to execute

# https://docs.stripe.com/api/refunds/object: pending, requires_action, succeeded, failed, canceled
REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# https://docs.stripe.com/api/disputes/object: those that wait for a response, a review or an appeal are open
DISPUTE_STATES = {
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "warning_closed": DisputeState.WARNING_CLOSED,
}


# About this amount; the least depends on the account's settlement currency (https://docs.stripe.com/error-codes,
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). No other 400 ends an order.
AMOUNT_REFUSALS = {"amount_too_small", "amount_too_large", "invalid_charge_amount"}
ACTIONS = {"capture", "cancel", "refund"}  # of a state that may have changed: a 400 is no fault of ours


class AmountRefused(Conflict):
    """409: Stripe will never take this amount in this currency."""

    code: Code = "amount_refused"

    def __init__(self) -> None:
        super().__init__(
            "Our payment provider can't take this amount. You were not charged, and the hold is released."
        )


class PaymentProviderError(Unavailable):
    """503: Stripe refused, failed or did not respond. What it did is unknown until the intent is retrieved.

    `cached_by_provider`: under an idempotency key the same response will be given for a day
    (https://docs.stripe.com/api/idempotent_requests).
    """

    code: Code = "payment_provider_unavailable"

    def __init__(self, message: str, *, cached_by_provider: bool = False) -> None:
        super().__init__(message)
        self.cached_by_provider = cached_by_provider


class PaymentProviderBusy(PaymentProviderError, Busy):
    """503: not yet. Stripe limits our requests (429), or has an intent in progress; nothing was done.

    100 requests a second in live mode, 25 in a sandbox, and 25 for each endpoint
    (https://docs.stripe.com/rate-limits).
    """

    code: Code = "payment_provider_unavailable"


@lru_cache(maxsize=1)
def connect(secret_key: str, api_base: str, retries: int) -> "StripeClient":
    """A client that keeps its connection open, one for each key.

    It repeats a request so many times, under the same idempotency key.
    """
    from stripe import RequestsClient, StripeClient

    logging.getLogger("stripe").setLevel(logging.WARNING)  # or it writes two lines for each request
    return StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        http_client=RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=retries,
    )


class Gateway:
    """Each call returns the intent as it is afterwards, and raises PaymentProviderError.

    `on_fault` is called for each request that Stripe refuses as wrong: only a change of ours helps.
    """

    def __init__(
        self, client: Callable[[], "StripeClient"], on_fault: Callable[[], None] = lambda: None
    ) -> None:
        self._client, self._on_fault = client, on_fault

    @classmethod
    def from_settings(cls, settings: StripeSettings, *, retries: int = 0) -> "Gateway":
        """A gateway whose secret key is read, at most five minutes old, at each call.

        By default it repeats no request itself: queues, Stripe and the scheduled job repeat the whole step.
        """
        key, api_base = settings.stripe_secret_key_parameter, settings.stripe_api_base
        return cls(
            lambda: connect(secrets.read(key), api_base, retries),
            lambda: metrics.emit(settings.event_bus_name, {"StripeFaults": [1]}),
        )

    def create(self, order: Order) -> Intent:
        """The order's intent. Idempotent: later calls get the response of the first.

        Raises AmountRefused where Stripe will never take this order's amount.
        """
        with self._translated_errors("create"):
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
        """The intent as it is now, with its refunds and disputes where it was captured."""
        with self._translated_errors("retrieve"):
            return retrieve(self._client(), intent_id)

    def order_of(self, intent_id: str) -> str | None:
        """The order that an intent is for, None for another application's.

        Refunds and disputes name the intent and carry no metadata of ours (https://docs.stripe.com/metadata).
        """
        with self._translated_errors("find order"):
            return _order_id(self._client().v1.payment_intents.retrieve(intent_id))

    def capture(self, intent_id: str) -> Intent:
        """Take all that was authorised. It has no idempotency key: after an error, retrieve the intent."""
        with self._translated_errors("capture"):
            return _intent(self._client().v1.payment_intents.capture(intent_id))

    def cancel(self, intent_id: str) -> Intent:
        """Release all that was authorised. It has no idempotency key: after an error, retrieve the intent."""
        with self._translated_errors("cancel"):
            return _intent(self._client().v1.payment_intents.cancel(intent_id))

    def refund(self, intent: Intent, order_id: str) -> Intent:
        """Refund all of a captured intent that can be. Idempotent until a refund fails (`refund_request`)."""
        params, key = refund_request(intent, order_id)
        with self._translated_errors("refund"):
            self._client().v1.refunds.create(params, {"idempotency_key": key})
        return self.retrieve(intent.id)

    def missed_events(self, types: Sequence[str], since: datetime) -> list[dict[str, Any]]:
        """Stripe's events of these types (at most 20) since then whose webhooks were not delivered."""
        with self._translated_errors("list events"):
            events = self._client().v1.events.list(
                {
                    "types": list(types),
                    "delivery_success": False,
                    "created": {"gte": int(since.timestamp())},
                    "limit": PAGE,
                }
            )
            return [event.to_dict() for event in events.auto_paging_iter()]

    @contextmanager
    def _translated_errors(self, operation: str) -> Iterator[None]:
        """Turns Stripe's errors into ours. Their bodies may hold a client secret: not logged."""
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
            if operation == "create" and error.code in AMOUNT_REFUSALS:
                raise AmountRefused from error
            if error.http_status == 400 and operation not in ACTIONS:
                self._on_fault()
            if error.http_status == 429:
                raise PaymentProviderBusy("Our payment provider is busy; try again in a moment.") from error
            raise PaymentProviderError(
                "Our payment provider is not answering; try again in a moment.",
                cached_by_provider=error.http_status not in NOT_CACHED,
            ) from error


def retrieve(client: "StripeClient", intent_id: str) -> Intent:
    """The intent as it is now, with its refunds and disputes where it was captured. Raises StripeError."""
    intent = client.v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge.refunds"]})
    if intent.status != "succeeded":
        return _intent(intent)
    disputes = client.v1.disputes.list({"payment_intent": intent_id, "limit": PAGE})
    return _intent(intent, _refunds(client, intent), list(disputes.auto_paging_iter()))


def _refunds(client: "StripeClient", intent: "PaymentIntent") -> list["stripe.Refund"]:
    """All refunds of an intent whose charge is expanded, the oldest first."""
    charge = intent.latest_charge
    if charge is None or isinstance(charge, str) or charge.refunds is None:
        return []
    if not charge.refunds.has_more:  # there are at most ten
        return charge.refunds.data[::-1]  # Stripe lists the newest first
    every = client.v1.refunds.list({"payment_intent": intent.id, "limit": PAGE})
    return list(every.auto_paging_iter())[::-1]


def refund_request(intent: Intent, order_id: str) -> tuple["stripe.params.RefundCreateParams", str]:
    """The parameters and the idempotency key of a refund of all that can be refunded.

    Stripe refunds what is left where no amount is named, and never more than the charge: two requests can't
    give money back twice. After a failed refund the key is a new one, as the former replays that refund.
    Where a dispute took a part the amount is named, as Stripe does not document that it subtracts that.
    """
    params: stripe.params.RefundCreateParams = {"payment_intent": intent.id}
    key, failed = f"refund-{order_id}", intent.failed_refunds
    if intent.lost:
        return {**params, "amount": intent.refundable}, f"{key}-{failed}-{intent.refundable}"
    return params, f"{key}-{failed}" if failed else key


def _intent(
    intent: "PaymentIntent",
    refunds: Sequence["stripe.Refund"] = (),
    disputes: Sequence["stripe.Dispute"] = (),
) -> Intent:
    status = IntentStatus(intent.status)
    amounts = {
        IntentStatus.REQUIRES_CAPTURE: intent.amount_capturable,
        IntentStatus.SUCCEEDED: intent.amount_received,
    }
    return Intent(
        id=intent.id,
        order_id=_order_id(intent),
        status=status,
        amount=amounts.get(status, intent.amount),
        currency=intent.currency,
        refunds=tuple(_refund(each) for each in refunds),
        disputes=tuple(_dispute(each, intent) for each in disputes),
        client_secret=intent.client_secret or "",
    )


def _order_id(intent: "PaymentIntent") -> str | None:
    order_id: str | None = (intent.metadata.to_dict() if intent.metadata else {}).get("orderId")
    return order_id


def _refund(refund: "stripe.Refund") -> Refund:
    """A status that we do not know counts as in flight: it is neither believed nor repeated."""
    state = REFUND_STATES.get(refund.status or "", RefundState.IN_FLIGHT)
    return Refund(id=refund.id, amount=refund.amount, state=state)


def _dispute(dispute: "stripe.Dispute", intent: "PaymentIntent") -> Dispute:
    """A status that we do not know counts as open: nothing is refunded then.

    A disputed amount in another currency counts as all that was captured. A `prevented` dispute took money
    where it was resolved, and none where it was blocked
    (https://docs.stripe.com/changelog/basil/2025-08-27/add-preventions-to-dispute).
    """
    state = DISPUTE_STATES.get(dispute.status, DisputeState.OPEN)
    if dispute.status == "prevented":
        took = sum(each.amount for each in dispute.balance_transactions) < 0
        state = DisputeState.LOST if took else DisputeState.WARNING_CLOSED
    captured = intent.amount_received
    amount = min(dispute.amount, captured) if dispute.currency == intent.currency else captured
    return Dispute(amount=amount, state=state, refundable=dispute.is_charge_refundable)
