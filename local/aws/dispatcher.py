"""FairQueue: what has waited longest is handed to its function first, and little at a time.

AWS would call every function at once. One machine that does so finishes everything late: what a burst begins
with waits for all that follows from it.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 2  # at a time: more only pass the interpreter's lock to and fro
SLOW_SECONDS = 0.5  # after which a turn counts no longer: a function that hangs holds nobody up for long

Waiting = tuple[float, int, threading.Event]  # since when, place among equals, "go on"


class FairQueue:
    """Who may go on. Shared by all that feed functions."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._places = itertools.count()
        self._line: list[Waiting] = []  # a heap
        self._begun: dict[threading.Event, float] = {}

    @contextmanager
    def turn(self, since: float) -> Iterator[None]:
        """Wait for a turn, and have it. `since`: when what is to be done came up, in seconds of the epoch."""
        go = threading.Event()
        with self._lock:
            heapq.heappush(self._line, (since, next(self._places), go))
            self._wake_next()
        while not go.wait(SLOW_SECONDS):
            with self._lock:
                self._wake_next()
        try:
            yield
        finally:
            with self._lock:
                del self._begun[go]
                self._wake_next()

    def _wake_next(self) -> None:
        """Tell those whose turn it is."""
        now = time.monotonic()
        busy = sum(now - begun < SLOW_SECONDS for begun in self._begun.values())
        for _ in range(min(self._most - busy, len(self._line))):
            go = heapq.heappop(self._line)[2]
            self._begun[go] = now
            go.set()
