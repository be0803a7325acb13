"""Nothing is lost, sold twice or charged in vain: a short run of what `make simulate` does at length."""

from collections.abc import Iterator

import pytest

from tests.simulation import crash_sweep
from tests.simulation.engines import differences
from tests.simulation.run import Run
from tests.simulation.world.plug import Plug, plugged

SEEDS = range(30)


@pytest.fixture
def plug() -> Iterator[Plug]:
    """Product code in simulated worlds."""
    with plugged() as plug:
        yield plug


def test_histories_break_nothing_and_many_orders_are_paid() -> None:
    report = Run(seconds=600, first=SEEDS.start, histories=len(SEEDS)).run()
    assert report.broken == [], report.table()
    assert report.histories == len(SEEDS)
    assert report.completed > 0.2, report.table()
    assert report.faults.total() > 500, report.table()


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.usefixtures("mended_moto")
def test_a_history_ends_alike_in_memory_and_on_moto(plug: Plug, seed: int) -> None:
    assert differences(seed, plug) == []


def test_a_purchase_survives_any_fault_at_any_call(plug: Plug) -> None:
    outcomes = list(crash_sweep.sweep(plug, stride=9, names=["paid"]))
    assert [(case, outcome.broken) for case, outcome in outcomes if outcome.broken] == []
    assert len(outcomes) > 40
    assert all(outcome.struck for _, outcome in outcomes)
