"""The crash sweep: replays each scenario with every fault at every call.

`python -m tests.simulation.crash_sweep [SCENARIO …]` is what `make crash-sweep` runs.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from operate.command import Parser
from tests.fakes.aws_calls import fault_kinds
from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation.history import Outcome, replay
from tests.simulation.report import describe
from tests.simulation.steps import Step

AWS_FAULTS = ("crash before", "crash after", "throttled", "reply lost", "sent twice")
STRIPE_FAULTS = ("crash_before", "crash_after", "rate_limit", "lost_reply")
PROGRESS_SECONDS = 10.0

USERS = [Step(1, 0.0, "maren", "signs up"), Step(2, 0.5, "ann", "signs up"), Step(3, 0.5, "cy", "signs up")]
LISTED = [*USERS, Step(4, 2.0, "maren", "lists", None, {"price": 4860, "quantity": 2})]
ORDERED = [*LISTED, Step(5, 5.0, "ann", "orders", 4, {"quantity": 1, "key": 5})]
FORM_OPEN = [*ORDERED, Step(6, 8.0, "ann", "pays", 5)]
PAID = [*FORM_OPEN, Step(7, 12.0, "ann", "confirms", 5, {"card": "visa"})]

SCENARIOS: dict[str, list[Step]] = {
    "paid": PAID,
    "abandoned before paying": ORDERED,
    "payment form left open": FORM_OPEN,
    "paid after expiry": [
        *FORM_OPEN,
        Step(7, 66.0, "ann", "confirms", 5, {"card": "visa"}),
    ],
    "cancelled while paying": [*PAID, Step(8, 12.2, "ann", "cancels", 5)],
    "declined, then challenged": [
        *FORM_OPEN,
        Step(7, 12.0, "ann", "confirms", 5, {"card": "chargeDeclined"}),
        Step(8, 16.0, "ann", "confirms", 5, {"card": "authenticationRequired"}),
    ],
    "extended and paid": [
        *FORM_OPEN,
        Step(7, 40.0, "ann", "extends", 5),
        Step(8, 80.0, "ann", "confirms", 5, {"card": "visa"}),
    ],
    "refunded at Stripe": [*PAID, Step(8, 40.0, "operator", "presses", 5, {"press": "refund"})],
    "canceled at Stripe": [*FORM_OPEN, Step(8, 30.0, "operator", "presses", 5, {"press": "cancel"})],
    "two orders for the last unit": [
        *FORM_OPEN,
        Step(7, 5.1, "cy", "orders", 4, {"quantity": 2, "key": 7}),
        Step(8, 70.0, "cy", "orders", 4, {"quantity": 2, "key": 8}),
    ],
    "edited and withdrawn": [
        *ORDERED,
        Step(6, 5.2, "maren", "edits", 4, {"quantity": 5, "title": "Better ticket"}),
        Step(7, 20.0, "maren", "edits", 4, {"price": 5000}),
        Step(8, 90.0, "maren", "withdraws", 4),
    ],
    "browsed, accounts deleted": [
        *ORDERED,
        Step(6, 8.0, "ann", "cancels", 5),
        *(
            Step(7 + number, 9.0 + number, "cy", "browses", None, query)
            for number, query in enumerate(
                (
                    {"q": "ticket", "city": "Rotterdam"},
                    {"city": "Rotterdam"},
                    {"category": "concert"},
                    {"sort": "newest"},
                    {"sort": "cheapest"},
                    {"sort": "soonest"},
                )
            )
        ),
        Step(13, 16.0, "ann", "lists own"),
        Step(14, 18.0, "ann", "deletes account"),
        Step(15, 20.0, "maren", "deletes account"),
        Step(16, 21.0, "cy", "signs out"),
    ],
    "account recovered and changed": [
        *USERS,
        Step(4, 5.0, "ann", "verifies address"),
        Step(5, 20.0, "ann", "recovers account"),
        Step(6, 40.0, "ann", "changes account"),
        Step(7, 60.0, "ann", "lists own"),
    ],
    "event started": [
        *USERS,
        Step(4, 2.0, "maren", "lists", None, {"price": 4860, "starts_in": 120}),
        Step(5, 3_605.0, "ann", "browses", None, {"q": "ticket"}),
    ],
}
ONLY = {"event started": "tickets.sweeper"}  # in an hour of calls, those of this function


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one call of a scenario."""

    scenario: str
    call: str
    fault: str


def cases(scenario: str, runtime: SimulatedRuntime) -> list[Case]:
    """Every fault at every call that a scenario makes without faults."""
    faultless = replay(SCENARIOS[scenario], 0, runtime)
    assert faultless.broken is None, faultless.broken
    assert faultless.app is not None
    calls = [each for each in faultless.app.calls.made if each.startswith(ONLY.get(scenario, ""))]
    aws = [
        Case(scenario, call, fault)
        for call in calls
        for fault in AWS_FAULTS
        if fault in fault_kinds(call.rpartition(" ")[2]).weights
    ]
    stripe = [Case(scenario, call, fault) for call in faultless.app.stripe.calls for fault in STRIPE_FAULTS]
    return aws + stripe


def play(case: Case, runtime: SimulatedRuntime) -> Outcome:
    return replay(SCENARIOS[case.scenario], 0, runtime, planned_faults={case.call: case.fault})


def sweep(runtime: SimulatedRuntime, scenario: str, every: int = 1) -> Iterator[tuple[Case, Outcome]]:
    """Every so many cases of a scenario."""
    for case in cases(scenario, runtime)[::every]:
        yield case, play(case, runtime)


def run(scenarios: list[str], output: Callable[[str], None]) -> int:
    """Play all cases of the scenarios; returns the number that broke an invariant."""
    started = reported = time.monotonic()
    played, broken = 0, 0
    with simulated_runtime() as runtime:
        for scenario in scenarios:
            before = played
            for case, outcome in sweep(runtime, scenario):
                played += 1
                assert outcome.faults, f"{case} did not happen"
                if outcome.broken:
                    broken += 1
                    output(f"{case.scenario}: {describe(outcome)}")
                if (now := time.monotonic()) - reported > PROGRESS_SECONDS:
                    reported = now
                    output(f"{now - started:5.0f} s  {scenario}: {played:,} faults played, {broken} broken")
            output(f"{scenario:<32} {played - before:>5} faults")
    seconds = time.monotonic() - started
    output(f"{seconds:.0f} s: {played:,} faults in {len(scenarios)} scenarios, {broken} broken")
    return broken


def main() -> int:
    parser = Parser(
        prog="python -m tests.simulation.crash_sweep",
        description="Replay each scenario with every fault at every call, and check the invariants.",
    )
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"all by default: {', '.join(SCENARIOS)}"
    )
    scenarios: list[str] = parser.parse_args().scenarios or [*SCENARIOS]
    if unknown := [each for each in scenarios if each not in SCENARIOS]:
        parser.error(f"no scenario {unknown[0]!r}; scenarios: {', '.join(SCENARIOS)}")
    return 1 if run(scenarios, partial(print, file=sys.stdout, flush=True)) else 0


if __name__ == "__main__":
    sys.exit(main())
