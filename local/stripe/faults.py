"""What may go wrong with a request besides a refusal: the network, the server, the caller itself."""

from typing import Literal

from local.stripe.errors import api_error, lock_timeout, rate_limit

Fault = Literal[
    "crash_before",  # the caller dies before the request is carried out
    "crash_after",  # … after it was
    "lost_request",  # the connection breaks before the request is carried out
    "lost_reply",  # … after it was; a caller cannot tell the two apart
    "error_500",  # nothing was done; like every answer it is stored under the idempotency key
    "error_500_after",  # the same answer, but the work was done
    "rate_limit",  # 429; nothing is done, nothing is stored
    "lock_timeout",  # 429; nothing is done, nothing is stored
    "processing",  # a confirm leaves the intent `processing`; the issuer answers half a minute later
]


class Crash(BaseException):
    """The caller dies here. Not an Exception, so that only who injected it catches it."""


class Disconnected(Exception):
    """The caller gets no answer, and cannot know whether the work was done."""


def before(fault: Fault | None) -> None:
    """What goes wrong before Stripe has looked at the request."""
    match fault:
        case "crash_before":
            raise Crash
        case "lost_request":
            raise Disconnected
        case "rate_limit":
            raise rate_limit()


def during(fault: Fault | None) -> None:
    """What goes wrong in place of the work."""
    match fault:
        case "error_500":
            raise api_error()
        case "lock_timeout":
            raise lock_timeout()


def done(fault: Fault | None) -> None:
    """What goes wrong when the work is done and the answer not yet stored."""
    if fault == "error_500_after":
        raise api_error()


def after(fault: Fault | None) -> None:
    """What goes wrong on the answer's way back."""
    match fault:
        case "crash_after":
            raise Crash
        case "lost_reply":
            raise Disconnected
