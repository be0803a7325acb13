"""Histories break no invariant: a short form of `make simulate` and `make crash-sweep`."""

from collections.abc import Iterator

import pytest

from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation import crash_sweep, report
from tests.simulation.engines import differences
from tests.simulation.history import play
from tests.simulation.outages import EVERY, OUTAGES
from tests.simulation.run import Run

SEEDS = range(24)  # every combination of scenarios.DAYS and faults.FAULT_RATES


@pytest.fixture
def runtime() -> Iterator[SimulatedRuntime]:
    """The product, patched to run in simulated applications."""
    with simulated_runtime() as runtime:
        yield runtime


def test_random_histories_break_no_invariant() -> None:
    run = Run(seconds=600, first=SEEDS.start, histories=len(SEEDS)).run()
    assert run.broken == [], run.table()
    assert run.histories == len(SEEDS)
    assert run.completed > 0.2, run.table()
    assert run.faults.total() > 400, run.table()


@pytest.mark.parametrize("number", range(len(OUTAGES)), ids=lambda number: report.named(OUTAGES[number]))
def test_a_long_outage_breaks_no_invariant(runtime: SimulatedRuntime, number: int) -> None:
    outcome = play(number * EVERY + EVERY - 1, runtime)
    assert outcome.broken is None
    assert outcome.outage == OUTAGES[number]
    assert outcome.orders["completed"] >= 3
    assert outcome.paid_during_outage.total() >= 1


@pytest.mark.usefixtures("patched_moto")
def test_a_history_ends_in_the_same_state_on_moto(runtime: SimulatedRuntime) -> None:
    assert differences(4, runtime) == []


def test_a_purchase_survives_any_fault_at_any_call(runtime: SimulatedRuntime) -> None:
    outcomes = list(crash_sweep.sweep(runtime, "paid", every=9))
    assert [(case, outcome.broken) for case, outcome in outcomes if outcome.broken] == []
    assert len(outcomes) > 40
    assert all(outcome.faults for _, outcome in outcomes)
