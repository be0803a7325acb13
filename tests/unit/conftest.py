"""Stores on a DynamoDB in memory, where nothing takes time."""

from collections.abc import Iterator

import pytest
from tiketz_common import aws, retry
from tiketz_common.events import correlation_id

from tests.support.memory import Memory, client, here


class StillClock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def memory(unconnected: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    """The services' tables, empty; whoever writes does it on behalf of `c1`."""
    here[:] = [Memory()]
    clients = {"dynamodb": client()}
    monkeypatch.setattr(aws, "client", clients.__getitem__)
    told = correlation_id.set("c1")
    yield here[0]
    correlation_id.reset(told)


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """Pauses that take no time, for whoever tries again."""
    still = StillClock()
    monkeypatch.setattr(retry, "time", still)
    return still
