"""Stripe's errors: the HTTP status and the `error` object of each, in the words of api.stripe.com."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

Row = dict[str, Any]


class ApiError(Exception):
    """A response other than 200.

    `started`: whether the endpoint had started to execute. Only then does Stripe store the response under
    its idempotency key (https://docs.stripe.com/api/idempotent_requests). `should_retry` becomes the
    Stripe-Should-Retry header.
    """

    def __init__(
        self,
        status: int,
        error: Mapping[str, Any],
        *,
        started: bool = False,
        should_retry: bool | None = None,
    ) -> None:
        super().__init__(error["message"])
        self.status = status
        self.error: Row = {key: value for key, value in error.items() if value is not None}
        if "code" in self.error:
            self.error["doc_url"] = doc_url(self.error["code"])
        self.started = started
        self.should_retry = should_retry


def doc_url(code: str) -> str:
    return f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def invalid(message: str, code: str | None = None, param: str | None = None) -> ApiError:
    """A malformed request: nothing was executed."""
    return ApiError(400, {"code": code, "message": message, "param": param, "type": "invalid_request_error"})


def amount_too_small(sign: str, least: int, currency: str) -> ApiError:
    """The minimum depends on the account's settlement currency.

    https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    """
    return invalid(
        f"Amount must be at least {sign}{least / 100:.2f} {currency}", "amount_too_small", "amount"
    )


def not_allowed(message: str, code: str | None = None, param: str | None = None, **more: Row) -> ApiError:
    """A valid request that the object's state doesn't allow."""
    error = {"code": code, "message": message, "param": param, **more, "type": "invalid_request_error"}
    return ApiError(400, error, started=True)


def unexpected_state(message: str, intent: Row) -> ApiError:
    """The intent's status doesn't allow the operation. The error contains the intent."""
    return not_allowed(message, "payment_intent_unexpected_state", payment_intent=intent)


def missing(kind: str, object_id: str, param: str) -> ApiError:
    error = {"code": "resource_missing", "message": f"No such {kind}: '{object_id}'", "param": param}
    return ApiError(404, {**error, "type": "invalid_request_error"}, started=True)


def unknown_url(method: str, path: str) -> ApiError:
    message = (
        f"Unrecognized request URL ({method.upper()}: {path}). Please see https://stripe.com/docs "
        "or we can help at https://support.stripe.com/."
    )
    return ApiError(404, {"message": message, "type": "invalid_request_error"})


def unauthorized(message: str, code: str | None = None) -> ApiError:
    return ApiError(401, {"code": code, "message": message, "type": "invalid_request_error"})


def raw_card_data() -> ApiError:
    """402 for a server that sends a card number: only browsers may."""
    message = (
        "Sending credit card numbers directly to the Stripe API is generally unsafe. "
        "To continue processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements."
    )
    return ApiError(402, {"message": message, "type": "invalid_request_error"})


def card_error(error: Row, intent: Row | None) -> ApiError:
    """402. `error`: the intent's last_payment_error. `intent`: as it is after the decline."""
    more = {} if intent is None else {"payment_intent": intent}
    return ApiError(402, {**error, **more, "type": "card_error"}, started=True)


def idempotency_error(message: str) -> ApiError:
    return ApiError(400, {"message": message, "type": "idempotency_error"})


def lock_timeout() -> ApiError:
    message = (
        "This object cannot be accessed right now because another API request or Stripe process is currently "
        "accessing it. If you see this error intermittently, retry the request."
    )
    error = {"code": "lock_timeout", "message": message, "type": "invalid_request_error"}
    return ApiError(429, error, should_retry=True)


def rate_limit() -> ApiError:
    message = "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode."
    return ApiError(429, {"code": "rate_limit", "message": message, "type": "invalid_request_error"})


def api_error() -> ApiError:
    """A failure of Stripe itself: stored and replayed under the idempotency key like any other response."""
    message = "An unknown error occurred. If this persists, please contact us."
    return ApiError(500, {"message": message, "type": "api_error"}, started=True, should_retry=False)


def unknown_parameter(name: str, known: Iterable[str]) -> ApiError:
    similar = get_close_matches(name, known, 1)
    hint = f". Did you mean {similar[0]}?" if similar else ""
    return invalid(f"Received unknown parameter: {name}{hint}", "parameter_unknown", name)
