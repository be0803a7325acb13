"""One history: people act, things go wrong, everything comes to rest, and then it is looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.fakes.application import HOUR, MINUTE, DynamoDBEngine, SimulatedApplication
from tests.fakes.faults import FAULT_RATES, NO_FAULTS, FaultRates
from tests.fakes.patching import SimulatedRuntime
from tests.simulation import stories
from tests.simulation.acts import ACTS
from tests.simulation.invariants import Rest, check, check_copies, check_units
from tests.simulation.people import Crowd
from tests.simulation.steps import Step
from tests.simulation.watch import Broken, Watch

LOOKS_SECONDS = 10.0  # between two looks at the invariants while people act
WAITS = [MINUTE] * 12 + [6 * HOUR] * 16
"""How long a world may take to come to rest. Stripe repeats an answer of 500 for a day, and payments looks at
what stays open for long ever more rarely."""


@dataclass
class Outcome:
    """What became of a history; `broken` is the invariant that does not hold and what shows it."""

    seed: int
    steps: Sequence[Step]
    rates: FaultRates = NO_FAULTS
    broken: Broken | None = None
    struck: dict[str, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    world: SimulatedApplication | None = None
    crowd: Crowd | None = None


def rates_of(seed: int) -> FaultRates:
    return FAULT_RATES[seed % len(FAULT_RATES)]


def play(seed: int, runtime: SimulatedRuntime, engine: DynamoDBEngine | None = None) -> Outcome:
    """The history that a seed stands for."""
    return replay(stories.write(seed), seed, runtime, rates_of(seed), engine=engine)


def replay(
    steps: Sequence[Step],
    seed: int,
    runtime: SimulatedRuntime,
    rates: FaultRates = NO_FAULTS,
    given: Mapping[str, str] | None = None,
    engine: DynamoDBEngine | None = None,
) -> Outcome:
    """These steps; with `given` faults, and no others."""
    world = SimulatedApplication(seed, runtime, rates, given, engine)
    crowd = Crowd(world)
    Watch(crowd)
    outcome = Outcome(seed, steps, rates, world=world, crowd=crowd)
    try:
        _live(crowd, steps)
        come_to_rest(crowd)
        check(crowd)
    except Broken as broken:
        outcome.broken = broken
    outcome.struck, outcome.count = world.injector.struck, world.injector.count
    outcome.calls = len(world.calls.made) + len(world.stripe.made)
    outcome.orders = Counter(row["status"] for row in world.rows("orders") if row["pk"].startswith("ORDER#"))
    return outcome


def _live(crowd: Crowd, steps: Sequence[Step]) -> None:
    world = crowd.world
    start = world.clock.now
    for step in steps:
        act, person = ACTS[step.act], crowd.person(step.who)
        world.clock.begin(lambda act=act, person=person, step=step: act(crowd, person, step), step.at)
    last = max((step.at for step in steps), default=0.0)
    now = LOOKS_SECONDS
    while now < last + MINUTE:
        world.live(now)
        rest = Rest(crowd)
        check_units(world, rest)
        if world.quiet:
            check_copies(rest)
        now += LOOKS_SECONDS
    world.live(now)
    assert world.clock.now > start


def come_to_rest(crowd: Crowd) -> None:
    """Nothing goes wrong any more, and what was given up is tried again: all must end. Raises Broken."""
    world = crowd.world
    world.injector.over = True
    for wait in WAITS:
        world.redrive()
        world.tick()
        world.clock.run(world.clock.now + wait)
        if world.quiet and _ended(world):
            return
    failures = [each for inbox in world.inboxes.values() for each in inbox.failures.items()][-5:]
    raise Broken(f"everything comes to rest: {_unended(world)} {failures}")


def _ended(world: SimulatedApplication) -> bool:
    return not any(_unended(world))


def _unended(world: SimulatedApplication) -> list[str]:
    pending = [row["pk"] for row in world.rows("orders") if row.get("status") == "pending"]
    return pending + [f"payment {row['pk']}" for row in world.rows("payments") if "unsettled" in row]
