"""Histories with one long outage: who buys before, while and after it lasts, and what must come of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from random import Random

from tests.factories import NOON
from tests.fakes.faults import FaultRates
from tests.fakes.outages import Dependency, Outage
from tests.simulation.invariants import Snapshot, hold
from tests.simulation.steps import Step
from tests.simulation.users import Population

MINUTE, HOUR = 60.0, 3600.0
BEGINS = 6 * MINUTE  # after noon
HOLD_SECONDS = 900
RESCUE_SECONDS = 4 * MINUTE  # from the end of an outage until an order that was paid is sold
RATES = FaultRates(lost=0.3)
EVERY = 10  # histories, of which one has an outage
OUTAGES = (
    Outage(Dependency.ORDERS_TABLE, BEGINS, 10 * MINUTE),
    Outage(Dependency.PARAMETER_STORE, BEGINS, HOUR),
    Outage(Dependency.SLOW_CONSUMERS, BEGINS, 10 * MINUTE),
    Outage(Dependency.STRIPE, BEGINS, HOUR),
    Outage(Dependency.EVENTBRIDGE, BEGINS, HOUR),
    Outage(Dependency.DYNAMODB, BEGINS, HOUR),
    Outage(Dependency.SQS, BEGINS, HOUR),
    Outage(Dependency.STRIPE, BEGINS, 6 * HOUR),
    Outage(Dependency.EVENTBRIDGE, BEGINS, 6 * HOUR),
    Outage(Dependency.DYNAMODB, BEGINS, 6 * HOUR),
    Outage(Dependency.SQS, BEGINS, 6 * HOUR),
    Outage(Dependency.PARAMETER_STORE, BEGINS, 6 * HOUR),
)


def outage_of(seed: int) -> Outage | None:
    """The outage in the history of a seed."""
    return OUTAGES[seed // EVERY % len(OUTAGES)] if seed % EVERY == EVERY - 1 else None


def generate(seed: int, outage: Outage) -> list[Step]:
    """The steps of a history with this outage, sorted by time."""
    return sorted(_Generator(Random(seed)).history(outage), key=lambda step: step.at)


class _Generator:
    def __init__(self, random: Random) -> None:
        self._random, self._number = random, 0

    def history(self, outage: Outage) -> Iterator[Step]:
        yield self._step(0.5, "maren", "signs up")
        ticket = self._step(20.0, "maren", "lists", price=4860, quantity=100)
        yield ticket
        orders = [
            *(outage.begins - self._random.uniform(60, 300) for _ in range(2)),
            *(outage.begins - self._random.uniform(6, 30) for _ in range(6)),
            *(outage.begins + self._random.uniform(0, outage.seconds) for _ in range(6)),
            *(outage.ends - self._random.uniform(20, 600) for _ in range(4)),
            *(outage.ends + self._random.uniform(20, 300) for _ in range(3)),
        ]
        for at in orders:
            yield from self._purchase(ticket, at, outage)

    def _purchase(self, ticket: Step, at: float, outage: Outage) -> Iterator[Step]:
        """A buyer of their own, who tries for as long as the order is held for them."""
        buyer = f"buyer{self._number}"
        yield self._step(self._random.uniform(1, 20), buyer, "signs up")
        order = self._step(max(30.0, at), buyer, "orders", ticket, quantity=1, key=self._number)
        yield order
        tries = [order.at + 6, order.at + 90, order.at + 400]
        if outage.ends - HOLD_SECONDS < order.at < outage.ends:
            tries.append(outage.ends + self._random.uniform(5, 60))
        for each in tries:
            yield self._step(each, buyer, "pays", order)
            yield self._step(each + self._random.uniform(25, 60), buyer, "confirms", order, card="visa")

    def _step(self, at: float, user: str, action: str, about: Step | None = None, **params: object) -> Step:
        self._number += 1
        return Step(self._number, round(at, 2), user, action, about.number if about else None, params)


def check(population: Population, state: Snapshot, outage: Outage) -> None:
    """What an outage must not cost. Raises Broken."""
    app, start = population.app, NOON.timestamp()
    for order_id, paid_at in population.authorised.items():
        order = state.orders[order_id]
        hindered = outage.dependency is not Dependency.PARAMETER_STORE and (
            outage.begins - RESCUE_SECONDS < paid_at - start < outage.ends
        )
        processable = start + outage.ends if hindered else paid_at
        left = datetime.fromisoformat(order["expiresAt"]).timestamp() - processable
        if left >= RESCUE_SECONDS:
            hold(order["status"] in ("completed", "refunded"), "an order that is paid in time is sold", order)
    if outage.dependency is Dependency.PARAMETER_STORE:
        failed = [at for at in app.http.failed_at if outage.is_on(at)]
        hold(not failed, "without Parameter Store every request succeeds", len(failed))
    if outage.dependency is Dependency.SLOW_CONSUMERS:
        timed_out = [name for each in app.functions.values() for name in each.timed_out]
        hold(not timed_out, "no consumer starts what does not fit its time", timed_out[:3])


def paid_during(population: Population, state: Snapshot, outage: Outage) -> Counter[str]:
    """How many orders were paid while the outage lasted, by the status in which they ended."""
    return Counter(
        state.orders[order_id]["status"] for order_id, at in population.authorised.items() if outage.is_on(at)
    )
