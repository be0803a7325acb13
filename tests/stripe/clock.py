"""A clock for tests: it stands still until it is advanced."""

from dataclasses import dataclass


@dataclass
class Clock:
    """Seconds since the epoch, moved by hand."""

    now: float = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
