"""Optimistic locking: read, decide, write conditionally, and start again where another wrote first."""

import random
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from tiketz_common.errors import Busy

CONTENDED_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.2

BUSY = "We are busier than usual; try again in a moment."

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Contended(Exception):
    """A conditional write failed: the row has changed since it was read, or is being written this moment."""


def attempts(seconds: float = CONTENDED_SECONDS) -> Iterator[int]:
    """Numbers the attempts from 0 until `seconds` have passed, with a random pause between two."""
    deadline = time.monotonic() + seconds
    attempt = 0
    while not attempt or time.monotonic() < deadline:
        yield attempt
        time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)))
        attempt += 1


def optimistic(busy: str = BUSY) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Decorates a function that reads, decides and writes: it runs again from the start on Contended.

    The function must be safe to repeat. Raises Busy with the sentence `busy` where it is contended for
    three seconds.
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @wraps(function)
        def retrying(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            for _ in attempts():
                try:
                    return function(*args, **kwargs)
                except Contended:
                    continue
            raise Busy(busy)

        return retrying

    return decorate
