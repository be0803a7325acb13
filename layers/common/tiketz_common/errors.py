"""Refusals: what a use case raises instead of doing what was requested."""

from typing import Literal

Code = Literal[
    "account_deleted",
    "amount_refused",
    "bad_request",
    "body_too_large",
    "busy",
    "conflict",
    "cross_site_request",
    "email_taken",
    "event_started",
    "event_starts_first",
    "extensions_used_up",
    "face_value_missing",
    "file_delivery_off",
    "forbidden",
    "hold_expired",
    "idempotency_key_reused",
    "invalid_cursor",
    "link_invalid",
    "listing_changed",
    "listing_fully_taken",
    "listing_has_taken_units",
    "listing_withdrawn",
    "method_not_allowed",
    "not_enough_units",
    "not_found",
    "not_through_site",
    "order_exists",
    "order_not_cancellable",
    "order_not_pending",
    "order_unknown",
    "orders_pending",
    "own_ticket",
    "payment_provider_unavailable",
    "payment_unknown",
    "precondition_failed",
    "price_changed",
    "price_too_high",
    "price_too_low",
    "quantity_below_taken",
    "quantity_too_high",
    "released_too_often",
    "route_not_found",
    "session_expired",
    "sign_in_required",
    "signature_invalid",
    "starts_in_past",
    "starts_too_late",
    "ticket_incomplete",
    "ticket_reserved",
    "ticket_sold",
    "ticket_unknown",
    "ticket_withdrawn",
    "too_many_attempts",
    "too_many_held",
    "too_many_mails",
    "too_many_requests",
    "too_many_sign_ups",
    "too_many_unpaid",
    "unavailable",
    "unsupported_media_type",
    "validation_failed",
    "wrong_credentials",
    "wrong_password",
]
"""The `code` of a refusal. Codes are part of the HTTP contract: new ones are added, none changes."""


class DomainError(Exception):
    """The request was understood and refused; its message is a sentence that a user reads.

    `status` is the HTTP status, `code` distinguishes refusals of one status, `field` is the wire
    name of the field at fault, `retry_after` (seconds) is set where a later attempt may succeed.
    """

    status = 400
    code: Code = "bad_request"
    retry_after: int | None = None

    def __init__(self, message: str, *, code: Code | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.field = field


class BadRequest(DomainError):
    """400: something in the request does not fit."""


class Unauthorized(DomainError):
    """401: the caller is not signed in, or the credentials are wrong."""

    status = 401
    code: Code = "sign_in_required"


class Forbidden(DomainError):
    """403: the caller may not do this."""

    status = 403
    code: Code = "forbidden"


class NotFound(DomainError):
    """404: there is no such row, or it is not the caller's.

    Services receive each other's rows within about a second, so a client may retry.
    """

    status = 404
    code: Code = "not_found"
    retry_after = 1


class RouteNotFound(DomainError):
    """404: no route has this path."""

    status = 404
    code: Code = "route_not_found"


class MethodNotAllowed(DomainError):
    """405: the path has no route for this method."""

    status = 405
    code: Code = "method_not_allowed"


class Conflict(DomainError):
    """409: it can't be done as things stand."""

    status = 409
    code: Code = "conflict"


class PreconditionFailed(DomainError):
    """412: the row changed since the caller read it."""

    status = 412
    code: Code = "precondition_failed"


class BodyTooLarge(DomainError):
    """413: the body exceeds the handler's limit."""

    status = 413
    code: Code = "body_too_large"


class UnsupportedMediaType(DomainError):
    """415: the body is not declared as JSON."""

    status = 415
    code: Code = "unsupported_media_type"


class IdempotencyKeyReused(DomainError):
    """422: the Idempotency-Key belongs to a request with another body."""

    status = 422
    code: Code = "idempotency_key_reused"


class TooManyRequests(DomainError):
    """429: the caller exceeded a rate limit."""

    status = 429
    code: Code = "too_many_requests"
    retry_after = 60


class Unavailable(DomainError):
    """503: a dependency is out of reach or a row is contended."""

    status = 503
    code: Code = "unavailable"
    retry_after = 1


class Busy(Unavailable):
    """503: a retry within seconds may succeed, for a row is contended or a rate limit was reached."""

    code: Code = "busy"
