"""Nothing is lost, sold twice or charged in vain: a short run of what `make simulate` does at length."""

from collections.abc import Iterator

import pytest

from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation import crash_sweep
from tests.simulation.engines import differences
from tests.simulation.run import Run

SEEDS = range(30)


@pytest.fixture
def runtime() -> Iterator[SimulatedRuntime]:
    """Product code in simulated worlds."""
    with simulated_runtime() as runtime:
        yield runtime


def test_histories_break_nothing_and_many_orders_are_paid() -> None:
    report = Run(seconds=600, first=SEEDS.start, histories=len(SEEDS)).run()
    assert report.broken == [], report.table()
    assert report.histories == len(SEEDS)
    assert report.completed > 0.2, report.table()
    assert report.faults.total() > 500, report.table()


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.usefixtures("patched_moto")
def test_a_history_ends_alike_in_memory_and_on_moto(runtime: SimulatedRuntime, seed: int) -> None:
    assert differences(seed, runtime) == []


def test_a_purchase_survives_any_fault_at_any_call(runtime: SimulatedRuntime) -> None:
    outcomes = list(crash_sweep.sweep(runtime, stride=9, names=["paid"]))
    assert [(case, outcome.broken) for case, outcome in outcomes if outcome.broken] == []
    assert len(outcomes) > 40
    assert all(outcome.struck for _, outcome in outcomes)
