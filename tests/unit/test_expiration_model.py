"""When a hold's timer wakes, and what it is called."""

from datetime import UTC, datetime, timedelta

import pytest
from expiration.model import Hold

END = datetime(2026, 7, 1, 12, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past_the_second", "wakes_after"),
    [(0, 1), (1, 1), (900, 1), (901, 2), (999, 2)],
)
def test_a_timer_wakes_at_a_whole_second_soon_past_the_end(past_the_second: int, wakes_after: int) -> None:
    hold = Hold(order_id="o1", extensions=0, expires_at=END + timedelta(milliseconds=past_the_second))
    assert hold.wakes_at == END + timedelta(seconds=wakes_after)
    assert timedelta(seconds=0.1) <= hold.wakes_at - hold.expires_at < timedelta(seconds=1.1)


def test_every_extension_has_its_own_timer_and_names_the_earlier() -> None:
    holds = [Hold(order_id="o1", extensions=each, expires_at=END) for each in range(3)]
    assert [hold.name for hold in holds] == ["o1", "o1-1", "o1-2"]
    assert [hold.earlier for hold in holds] == [[], ["o1"], ["o1", "o1-1"]]
