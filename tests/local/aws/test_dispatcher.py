"""Batches go to functions in the order of their age."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from local.aws import dispatcher
from local.aws.dispatcher import FairQueue


class Batches:
    """Threads that each want one slot and hold it until they are released."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self.running: list[float] = []  # in the order in which they got their slots
        self.released = threading.Event()
        self._threads: list[threading.Thread] = []

    def add(self, since: float) -> None:
        """One more, which waits or runs when this returns."""

        def run() -> None:
            with self._queue.slot(since):
                self.running.append(since)
                self.released.wait(30)

        before = self._count()
        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()
        wait_until(lambda: self._count() > before)

    def _count(self) -> int:
        return len(self._queue._waiting) + len(self._queue._started)

    def release(self) -> None:
        """All give their slots back; returns when each has had one."""
        self.released.set()
        for each in self._threads:
            each.join(30)
            assert not each.is_alive(), "one never got a slot"


def wait_until(condition: Callable[[], bool]) -> None:
    """Half a minute at most."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def batches() -> Iterator[Batches]:
    """None yet, and one slot."""
    made = Batches(FairQueue(max_running=1))
    yield made
    made.released.set()


def test_the_oldest_batch_is_next(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "SLOW_SECONDS", 30)
    for since in (5, 3, 4, 1, 3):
        batches.add(since)
    wait_until(lambda: batches.running == [5])
    batches.release()
    assert batches.running == [5, 1, 3, 3, 4]


def test_only_as_many_run_as_there_are_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "SLOW_SECONDS", 30)
    batches = Batches(FairQueue(max_running=3))
    for since in range(5):
        batches.add(since)
    wait_until(lambda: len(batches.running) == 3)
    batches.release()
    assert len(batches.running) == 5


def test_a_batch_that_hangs_delays_no_other(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "SLOW_SECONDS", 0.05)
    for since in (1, 2, 3):
        batches.add(since)
    wait_until(lambda: len(batches.running) == 3)
    batches.release()


def test_a_batch_that_fails_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "SLOW_SECONDS", 30)
    queue = FairQueue(max_running=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), queue.slot(0):
            raise ValueError("broken")
    assert not queue._started
