"""Refusals: what a use case may answer instead of doing what was asked."""


class DomainError(Exception):
    """The request was understood and refused; its message is a sentence a person reads.

    `status` is what a web client sees, `retry_after` (seconds) when trying again may help.
    """

    status = 400
    retry_after: int | None = None

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class BadRequest(DomainError):
    status = 400


class Unauthorized(DomainError):
    status = 401


class Forbidden(DomainError):
    status = 403


class NotFound(DomainError):
    """Services hear of each other's rows within about a second, so a 404 may be asked again."""

    status = 404
    retry_after = 1


class RouteNotFound(DomainError):
    status = 404


class MethodNotAllowed(DomainError):
    status = 405


class Conflict(DomainError):
    status = 409


class PreconditionFailed(DomainError):
    status = 412


class BodyTooLarge(DomainError):
    status = 413


class UnsupportedMediaType(DomainError):
    status = 415


class IdempotencyKeyReused(DomainError):
    status = 422


class TooManyRequests(DomainError):
    status = 429
    retry_after = 60


class Unavailable(DomainError):
    status = 503
    retry_after = 1
