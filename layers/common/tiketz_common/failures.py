"""Failures of messages and stream records: which pass, how soon to retry them, and which are poison."""

import random

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from tiketz_common.errors import Busy
from tiketz_common.retry import Contended

BUSY_STEP_SECONDS = 2
MAX_BUSY_SECONDS = 20
MAX_BUSY_RECEIVES = 30  # ten minutes; who is busy for longer is treated as out of reach
MAX_BACKOFF_SECONDS = 900
POISON_RECEIVES = 5

PROGRAMMING_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,  # pydantic's ValidationError and JSONDecodeError are ValueErrors
)


class RetryLater(Exception):
    """Raised by a handler that is not done with a message, and is to get it again soon."""


def is_poison(error: Exception) -> bool:
    """Whether a message or record fails by its content or by our code, and so will fail again.

    An outage is none, whatever it raises: connection errors, and errors of AWS or Stripe other than AWS's
    refusal of a request that is malformed.
    """
    if isinstance(error, ClientError):
        return bool(error.response["Error"]["Code"] == "ValidationException")
    if isinstance(error, (BotoCoreError, OSError)):
        return isinstance(error, ParamValidationError)
    return isinstance(error, PROGRAMMING_ERRORS)


def is_busy(error: Exception) -> bool:
    """Whether a retry within seconds may succeed: contention, a rate limit, work that is not done yet."""
    return isinstance(error, (RetryLater, Contended, Busy))


def retry_seconds(error: Exception, receives: int) -> int:
    """How long to hide a message that failed, after it was received so many times.

    Two seconds for each receive, at most twenty, where the error says busy: a paid order must not wait. Else
    exponential with jitter, at most 15 minutes, so that a hundred receives outlast an outage of many hours
    (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
    """
    if is_busy(error) and receives <= MAX_BUSY_RECEIVES:
        return min(MAX_BUSY_SECONDS, BUSY_STEP_SECONDS * receives)
    longest = min(MAX_BACKOFF_SECONDS, 2 ** min(receives, 10))
    return round(random.uniform(longest / 2, longest))
