"""Orders the batches that go to functions: the oldest first, and few at a time.

AWS would invoke every function at once. On one machine that would finish everything late: what a burst has
begun would wait for all that follows from it.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MAX_RUNNING = 2  # more would only compete for the interpreter's lock
SLOW_SECONDS = 0.5  # after which a running batch isn't counted: a function that hangs delays others no longer

Waiting = tuple[float, int, threading.Event]  # the batch's time, position among equals, set when it may run


class FairQueue:
    """Slots shared by everything that feeds functions."""

    def __init__(self, max_running: int = MAX_RUNNING) -> None:
        self._max_running = max_running
        self._lock = threading.Lock()
        self._positions = itertools.count()
        self._waiting: list[Waiting] = []  # a heap
        self._started: dict[threading.Event, float] = {}

    @contextmanager
    def slot(self, since: float) -> Iterator[None]:
        """Waits for a slot and holds it. `since`: when the batch became available, in epoch seconds."""
        may_run = threading.Event()
        with self._lock:
            heapq.heappush(self._waiting, (since, next(self._positions), may_run))
            self._wake_next()
        while not may_run.wait(SLOW_SECONDS):
            with self._lock:
                self._wake_next()
        try:
            yield
        finally:
            with self._lock:
                del self._started[may_run]
                self._wake_next()

    def _wake_next(self) -> None:
        """Give free slots to those that have waited longest. Callers hold the lock."""
        now = time.monotonic()
        running = sum(now - started < SLOW_SECONDS for started in self._started.values())
        for _ in range(min(self._max_running - running, len(self._waiting))):
            may_run = heapq.heappop(self._waiting)[2]
            self._started[may_run] = now
            may_run.set()
