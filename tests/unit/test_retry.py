"""The optimistic retry: when it starts again, how long it pauses, and when it gives up."""

import pytest
from tiketz_common import retry
from tiketz_common.errors import NotFound, Unavailable

from tests.unit.conftest import StillClock


class Contested:
    """A row that is contended for the first `times` writes."""

    def __init__(self, times: int) -> None:
        self.writes = 0
        self._times = times

    def write(self, value: str) -> str:
        self.writes += 1
        if self.writes <= self._times:
            raise retry.Contended
        return value


@pytest.mark.parametrize("times", [0, 1, 5])
def test_a_contended_write_is_repeated_until_it_succeeds(still_clock: StillClock, times: int) -> None:
    row = Contested(times)
    assert retry.optimistic()(row.write)("stored") == "stored"
    assert (row.writes, len(still_clock.slept)) == (times + 1, times)


def test_pauses_grow_to_a_fifth_of_a_second(still_clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiketz_common.retry.random.uniform", lambda least, most: most)
    retry.optimistic()(Contested(7).write)("stored")
    assert still_clock.slept == [0.01, 0.02, 0.04, 0.08, 0.16, 0.2, 0.2]


def test_after_three_seconds_it_is_unavailable(still_clock: StillClock) -> None:
    with pytest.raises(Unavailable, match=r"^Try again\.$") as refusal:
        retry.optimistic("Try again.")(Contested(10_000).write)("stored")
    assert refusal.value.code == "busy"
    assert 3 <= sum(still_clock.slept) < 3.3


def test_other_errors_are_not_retried(still_clock: StillClock) -> None:
    @retry.optimistic()
    def refuse() -> None:
        raise NotFound("No.", code="ticket_unknown")

    with pytest.raises(NotFound):
        refuse()
    assert still_clock.slept == []
