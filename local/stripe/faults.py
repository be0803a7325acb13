"""Faults to inject into a request: of the network, of the server, of the caller."""

from typing import Literal

from local.stripe.errors import amount_too_small, api_error, invalid, lock_timeout, rate_limit

Fault = Literal[
    "crash_before",  # the caller ends before the request is executed
    "crash_after",  # … after it was executed
    "lost_request",  # the connection breaks before the request is executed
    "lost_reply",  # … after it was executed; the caller can't distinguish the two
    "error_500",  # nothing is executed; like every response it is stored under the idempotency key
    "error_500_after",  # the same response, but the request was executed
    "rate_limit",  # 429; nothing is executed, nothing is stored
    "lock_timeout",  # 429; nothing is executed, nothing is stored
    "amount_too_small",  # 400; the settlement currency's minimum is higher; nothing is stored
    "bad_request",  # any other 400, as for a parameter that a new API version refuses
    "processing",  # a confirm leaves the intent `processing`; the issuer responds half a minute later
]


class Crash(BaseException):
    """The caller ends here. Not an Exception, so that only the code that injected it catches it."""


class Disconnected(Exception):
    """The caller gets no response, and can't know whether the request was executed."""


def before_request(fault: Fault | None) -> None:
    """Raises the faults that happen before the request is read."""
    match fault:
        case "crash_before":
            raise Crash
        case "lost_request":
            raise Disconnected
        case "rate_limit":
            raise rate_limit()
        case "amount_too_small":
            raise amount_too_small("€", 5000, "eur")
        case "bad_request":
            raise invalid("Received unknown parameter: capture_method", "parameter_unknown", "capture_method")


def instead_of_work(fault: Fault | None) -> None:
    """Raises the faults that happen in place of the execution."""
    match fault:
        case "error_500":
            raise api_error()
        case "lock_timeout":
            raise lock_timeout()


def after_work(fault: Fault | None) -> None:
    """Raises the faults that happen after the execution, before the response is stored."""
    if fault == "error_500_after":
        raise api_error()


def after_response(fault: Fault | None) -> None:
    """Raises the faults that happen after the response is stored."""
    match fault:
        case "crash_after":
            raise Crash
        case "lost_reply":
            raise Disconnected
