"""One history: users act, faults happen, everything comes to rest, and the invariants are checked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.fakes.application import HOUR, MINUTE, DynamoDBEngine, SimulatedApplication
from tests.fakes.faults import FAULT_RATES, NO_FAULTS, FaultRates
from tests.fakes.outages import Outage
from tests.fakes.patching import SimulatedRuntime
from tests.simulation import outages, scenarios
from tests.simulation.actions import ACTIONS
from tests.simulation.continuous_invariants import ContinuousInvariants
from tests.simulation.invariants import Broken, check, check_copies, check_units, snapshot
from tests.simulation.steps import Step
from tests.simulation.users import Population

CHECK_SECONDS = 10.0  # between two checks while users act
REST_SECONDS = [MINUTE] * 12 + [6 * HOUR] * 16
"""How long an application may take to come to rest. Stripe repeats a response of 500 for a day, and payments
sweeps ever more rarely what stays open for long."""


@dataclass
class Outcome:
    """The result of a history; `broken` is the invariant that does not hold and the rows that show it."""

    seed: int
    steps: Sequence[Step]
    rates: FaultRates = NO_FAULTS
    broken: Broken | None = None
    faults: dict[str, str] = field(default_factory=dict)
    fault_counts: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    outage: Outage | None = None
    paid_during_outage: Counter[str] = field(default_factory=Counter)  # by the order's status
    orders: Counter[str] = field(default_factory=Counter)
    app: SimulatedApplication | None = None
    population: Population | None = None


def rates_of(seed: int) -> FaultRates:
    return FAULT_RATES[seed % len(FAULT_RATES)]


def play(seed: int, runtime: SimulatedRuntime, engine: DynamoDBEngine | None = None) -> Outcome:
    """The history of a seed."""
    if outage := outages.outage_of(seed):
        steps = outages.generate(seed, outage)
        return replay(steps, seed, runtime, outages.RATES, engine=engine, outage=outage)
    return replay(scenarios.generate(seed), seed, runtime, rates_of(seed), engine=engine)


def replay(
    steps: Sequence[Step],
    seed: int,
    runtime: SimulatedRuntime,
    rates: FaultRates = NO_FAULTS,
    planned_faults: Mapping[str, str] | None = None,
    engine: DynamoDBEngine | None = None,
    outage: Outage | None = None,
) -> Outcome:
    """A history of these steps, with random faults or with the planned ones and no others."""
    hold_seconds = outages.HOLD_SECONDS if outage else scenarios.HOLD_SECONDS
    app = SimulatedApplication(seed, runtime, rates, planned_faults, engine, outage, hold_seconds)
    population = Population(app)
    ContinuousInvariants(population)
    outcome = Outcome(seed, steps, rates, outage=outage, app=app, population=population)
    try:
        _act(population, steps)
        come_to_rest(population)
        state = snapshot(population)
        check(state)
        if outage:
            outages.check(population, state, outage)
            outcome.paid_during_outage = outages.paid_during(population, state, outage)
    except Broken as broken:
        outcome.broken = broken
    outcome.faults, outcome.fault_counts = app.injector.injected, app.injector.counts
    outcome.calls = len(app.calls.made) + len(app.stripe.calls)
    outcome.orders = Counter(row["status"] for row in app.rows("orders") if row["pk"].startswith("ORDER#"))
    return outcome


def _act(population: Population, steps: Sequence[Step]) -> None:
    """Perform all steps, and check the invariants that hold at any moment."""
    app = population.app
    for step in steps:
        action, user = ACTIONS[step.action], population.user(step.user)
        app.clock.start_task(partial(action, population, user, step), step.at)
    last = max((step.at for step in steps), default=0.0)
    pause = MINUTE if app.outage else CHECK_SECONDS
    now = pause
    while now < last + MINUTE:
        app.run(now)
        state = snapshot(population)
        check_units(state)
        if app.idle:
            check_copies(state)
        now += pause
    app.run(now)


def come_to_rest(population: Population) -> None:
    """Without further faults, redrive what failed until everything has ended. Raises Broken."""
    app = population.app
    app.injector.stopped = True
    if refused := [pointer for stream in app.streams.values() for pointer in stream.buried]:
        raise Broken(f"no relay gives up a record: {refused[:3]}")
    if dead := [message.name for inbox in app.inboxes.values() for message in inbox.dead_letters.values()]:
        raise Broken(f"a dead letter is poison, and there is none: {dead[:3]}")
    app.stripe.decide_disputes()
    app.run(app.next_quarter)  # in which payments looks for missed webhooks
    for seconds in REST_SECONDS:
        app.redrive()
        app.run_scheduled_jobs()
        app.clock.run(app.clock.now + seconds)
        if app.idle and not _unended(app):
            return
    failures = [each for inbox in app.inboxes.values() for each in inbox.failures.items()][-5:]
    raise Broken(f"everything comes to rest: {_unended(app)} {failures}")


def _unended(app: SimulatedApplication) -> list[str]:
    pending = [row["pk"] for row in app.rows("orders") if row.get("status") == "pending"]
    return pending + [f"payment {row['pk']}" for row in app.rows("payments") if "unsettled" in row]
