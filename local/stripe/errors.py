"""Stripe's refusals: the HTTP status and the `error` body of each, worded as api.stripe.com words them."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

Row = dict[str, Any]


class Refusal(Exception):
    """An answer other than 200.

    `started` tells whether an endpoint had begun to execute: only then does Stripe store the answer under its
    idempotency key (https://docs.stripe.com/api/idempotent_requests). `should_retry` becomes the
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


def invalid(message: str, code: str | None = None, param: str | None = None) -> Refusal:
    """A request Stripe could not read; nothing was executed."""
    return Refusal(400, {"code": code, "message": message, "param": param, "type": "invalid_request_error"})


def refused(message: str, code: str | None = None, param: str | None = None, **more: Row) -> Refusal:
    """A request Stripe understood but whose object does not allow it."""
    error = {"code": code, "message": message, "param": param, **more, "type": "invalid_request_error"}
    return Refusal(400, error, started=True)


def unexpected_state(message: str, intent: Row) -> Refusal:
    """The intent's status forbids the operation; the intent is inside, so that nobody need ask again."""
    return refused(message, "payment_intent_unexpected_state", payment_intent=intent)


def missing(kind: str, id: str, param: str) -> Refusal:
    error = {"code": "resource_missing", "message": f"No such {kind}: '{id}'", "param": param}
    return Refusal(404, {**error, "type": "invalid_request_error"}, started=True)


def unknown_url(method: str, path: str) -> Refusal:
    message = (
        f"Unrecognized request URL ({method.upper()}: {path}). Please see https://stripe.com/docs "
        "or we can help at https://support.stripe.com/."
    )
    return Refusal(404, {"message": message, "type": "invalid_request_error"})


def unauthorized(message: str, code: str | None = None) -> Refusal:
    return Refusal(401, {"code": code, "message": message, "type": "invalid_request_error"})


def raw_card_data() -> Refusal:
    """Card numbers come from the browser; a server that sends one is turned away with 402."""
    message = (
        "Sending credit card numbers directly to the Stripe API is generally unsafe. "
        "To continue processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements."
    )
    return Refusal(402, {"message": message, "type": "invalid_request_error"})


def card_error(error: Row, intent: Row | None) -> Refusal:
    """402; `error` is the intent's last_payment_error, the intent rides along as it is after the decline."""
    inside = {} if intent is None else {"payment_intent": intent}
    return Refusal(402, {**error, **inside, "type": "card_error"}, started=True)


def idempotency_error(message: str) -> Refusal:
    return Refusal(400, {"message": message, "type": "idempotency_error"})


def lock_timeout() -> Refusal:
    message = (
        "This object cannot be accessed right now because another API request or Stripe process is currently "
        "accessing it. If you see this error intermittently, retry the request."
    )
    error = {"code": "lock_timeout", "message": message, "type": "invalid_request_error"}
    return Refusal(429, error, should_retry=True)


def rate_limit() -> Refusal:
    message = "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode."
    return Refusal(429, {"code": "rate_limit", "message": message, "type": "invalid_request_error"})


def api_error() -> Refusal:
    """Stripe's own failure: stored and replayed under the key like any other answer."""
    message = "An unknown error occurred. If this persists, please contact us."
    return Refusal(500, {"message": message, "type": "api_error"}, started=True, should_retry=False)


def unknown_parameter(name: str, known: Iterable[str]) -> Refusal:
    similar = get_close_matches(name, known, 1)
    hint = f". Did you mean {similar[0]}?" if similar else ""
    return invalid(f"Received unknown parameter: {name}{hint}", "parameter_unknown", name)
