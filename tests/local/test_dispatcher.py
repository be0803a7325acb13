"""Whose turn it is in the local world."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from local.aws import dispatcher as turns
from local.aws.dispatcher import FairQueue


class Crowd:
    """Threads that each want one turn and keep it until they are let go."""

    def __init__(self, shared: FairQueue) -> None:
        self._turns = shared
        self.having: list[float] = []  # in the order in which their turns came
        self.enough = threading.Event()
        self._threads: list[threading.Thread] = []

    def ask(self, since: float) -> None:
        """Somebody new, who is in line or has a turn when this returns."""

        def wants() -> None:
            with self._turns.turn(since):
                self.having.append(since)
                self.enough.wait(30)

        before = self._known()
        self._threads.append(threading.Thread(target=wants))
        self._threads[-1].start()
        until(lambda: self._known() > before)

    def _known(self) -> int:
        return len(self._turns._line) + len(self._turns._begun)

    def go(self) -> None:
        """All give their turns back; ends when everybody has had one."""
        self.enough.set()
        for each in self._threads:
            each.join(30)
            assert not each.is_alive(), "somebody never had a turn"


def until(true: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """Nobody yet, and one turn at a time."""
    found = Crowd(FairQueue(most=1))
    yield found
    found.enough.set()


def test_what_has_waited_longest_is_next(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 30)
    for since in (5, 3, 4, 1, 3):
        crowd.ask(since)
    until(lambda: crowd.having == [5])
    crowd.go()
    assert crowd.having == [5, 1, 3, 3, 4]


def test_only_so_many_go_on_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 30)
    crowd = Crowd(FairQueue(most=3))
    for since in range(5):
        crowd.ask(since)
    until(lambda: len(crowd.having) == 3)
    crowd.go()
    assert len(crowd.having) == 5


def test_one_that_hangs_holds_nobody_up(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 0.05)
    for since in (1, 2, 3):
        crowd.ask(since)
    until(lambda: len(crowd.having) == 3)
    crowd.go()


def test_a_turn_that_fails_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 30)
    shared = FairQueue(most=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), shared.turn(0):
            raise ValueError("broken")
    assert not shared._begun
