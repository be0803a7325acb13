"""Virtual time: a scheduler that runs callbacks in order of their time and skips the time in between."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

Callback = Callable[[], object]


class VirtualClock:
    """A clock that jumps from one callback to the next. Those of one time run in the order they were set.

    A task started with `start_task` may `sleep` while others run. There is no other concurrency, so the same
    callbacks always interleave in the same way.
    """

    def __init__(self, start: datetime) -> None:
        self.now = start.timestamp()
        self._callbacks: list[tuple[float, int, Callback]] = []
        self._numbers = count()
        self._main = getcurrent()

    @property
    def time(self) -> datetime:
        """Now, to the millisecond, as the product reads it."""
        return datetime.fromtimestamp(int(self.now * 1000 + 0.01) / 1000, UTC)

    def at(self, when: float, callback: Callback) -> None:
        """Run a callback at a POSIX time, or now where that has passed."""
        heapq.heappush(self._callbacks, (max(when, self.now), next(self._numbers), callback))

    def after(self, seconds: float, callback: Callback) -> None:
        self.at(self.now + seconds, callback)

    def start_task(self, task: Callback, after: float = 0.0) -> None:
        """Run something that may sleep, after some seconds."""
        self.after(after, greenlet(task, self._main).switch)

    def sleep(self, seconds: float) -> None:
        """Let other callbacks run until `seconds` have passed. Only tasks may sleep."""
        self.after(seconds, getcurrent().switch)
        self._main.switch()

    def run(self, until: float) -> None:
        """Run every callback that is due until a POSIX time."""
        while self._callbacks and self._callbacks[0][0] <= until:
            self.now, _, callback = heapq.heappop(self._callbacks)
            callback()
        self.now = max(self.now, until)
