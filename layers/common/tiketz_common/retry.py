"""Trying again where others write to the same row, with jitter so that they do not meet again."""

import random
import time
from collections.abc import Iterator

CONTENDED_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.2

BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why DynamoDB cancels a transaction that may succeed a moment later (CancellationReasons)."""


def tries(seconds: float = CONTENDED_SECONDS) -> Iterator[int]:
    """Number the tries from 0, pausing before each but the first, until `seconds` have passed."""
    deadline = time.monotonic() + seconds
    attempt = 0
    while not attempt or time.monotonic() < deadline:
        yield attempt
        time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)))
        attempt += 1
