"""Virtual time: everything that is going to happen, in its order, with no time lost in between."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from greenlet import getcurrent, greenlet

Act = Callable[[], object]


class VirtualClock:
    """A clock that jumps from one act to the next. Acts at the same time happen in the order they were set.

    What is begun with `begin` may `sleep`, and others act meanwhile: that is all the concurrency there is,
    so the same acts always interleave in the same way.
    """

    def __init__(self, start: datetime) -> None:
        self.now = start.timestamp()
        self._acts: list[tuple[float, int, Act]] = []
        self._number = count()
        self._hub = getcurrent()

    @property
    def time(self) -> datetime:
        """Now, to the millisecond, as product code reads it."""
        return datetime.fromtimestamp(int(self.now * 1000 + 0.01) / 1000, UTC)

    def at(self, when: float, act: Act) -> None:
        heapq.heappush(self._acts, (max(when, self.now), next(self._number), act))

    def after(self, seconds: float, act: Act) -> None:
        self.at(self.now + seconds, act)

    def begin(self, act: Act, after: float = 0.0) -> None:
        """Let something happen that takes time."""
        self.after(after, greenlet(act, self._hub).switch)

    def sleep(self, seconds: float) -> None:
        """Let the others act until `seconds` have passed. For those that were begun."""
        self.after(seconds, getcurrent().switch)
        self._hub.switch()

    def run(self, until: float) -> None:
        """Let everything happen that is due until then."""
        while self._acts and self._acts[0][0] <= until:
            self.now, _, act = heapq.heappop(self._acts)
            act()
        self.now = max(self.now, until)
