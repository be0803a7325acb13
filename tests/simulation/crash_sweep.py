"""The crash sweep: whole stories, told again for every call in them and everything that can go wrong there.

`python -m tests.simulation.crash_sweep` is what `make crash-sweep` runs; given stories' names, only those.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation.history import Outcome, replay
from tests.simulation.report import story
from tests.simulation.steps import Step

AWS_FAULTS = ("crash before", "crash after", "throttled", "reply lost", "sent twice")
STRIPE_FAULTS = ("crash_before", "crash_after", "rate_limit", "lost_reply")
PROGRESS_SECONDS = 10.0

PEOPLE = [Step(1, 0.0, "maren", "signs up"), Step(2, 0.5, "ann", "signs up"), Step(3, 0.5, "cy", "signs up")]
LISTED = [*PEOPLE, Step(4, 2.0, "maren", "lists", None, {"price": 4860, "quantity": 2})]
ORDERED = [*LISTED, Step(5, 5.0, "ann", "orders", 4, {"quantity": 1, "key": 5})]
FORM_OPEN = [*ORDERED, Step(6, 8.0, "ann", "pays", 5)]
PAID = [*FORM_OPEN, Step(7, 12.0, "ann", "confirms", 5, {"card": "visa"})]

STORIES: dict[str, list[Step]] = {
    "paid": PAID,
    "the tab closed before paying": ORDERED,
    "the payment form left open": FORM_OPEN,
    "paid when the time was over": [
        *FORM_OPEN,
        Step(7, 66.0, "ann", "confirms", 5, {"card": "visa"}),
    ],
    "let go while paying": [*PAID, Step(8, 12.2, "ann", "cancels", 5)],
    "declined, then the bank asked": [
        *FORM_OPEN,
        Step(7, 12.0, "ann", "confirms", 5, {"card": "chargeDeclined"}),
        Step(8, 16.0, "ann", "confirms", 5, {"card": "authenticationRequired"}),
    ],
    "extended and paid": [
        *FORM_OPEN,
        Step(7, 40.0, "ann", "extends", 5),
        Step(8, 80.0, "ann", "confirms", 5, {"card": "visa"}),
    ],
    "refunded at Stripe": [*PAID, Step(8, 40.0, "office", "presses for", 5, {"press": "refund"})],
    "canceled at Stripe": [*FORM_OPEN, Step(8, 30.0, "office", "presses for", 5, {"press": "cancel"})],
    "two want the last one": [
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
    "looked around and left": [
        *ORDERED,
        Step(6, 8.0, "ann", "cancels", 5),
        *(
            Step(7 + number, 9.0 + number, "cy", "browses", None, what)
            for number, what in enumerate(
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
        Step(13, 16.0, "ann", "looks back"),
        Step(14, 18.0, "ann", "leaves"),
        Step(15, 20.0, "maren", "leaves"),
        Step(16, 21.0, "cy", "signs out"),
    ],
    "a date that passes": [
        *PEOPLE,
        Step(4, 2.0, "maren", "lists", None, {"price": 4860, "starts_in": 120}),
        Step(5, 3_605.0, "ann", "browses", None, {"q": "ticket"}),
    ],
}
ABOUT = {"a date that passes": "tickets.sweeper"}  # of an hour, only this function's calls


@dataclass(frozen=True, slots=True)
class Case:
    """One thing going wrong in one story."""

    story: str
    occasion: str
    kind: str


def cases(name: str, runtime: SimulatedRuntime) -> list[Case]:
    """Every call of a story as it goes when nothing goes wrong, with every fault."""
    calm = replay(STORIES[name], 0, runtime)
    assert calm.broken is None, calm.broken
    assert calm.world is not None
    calls = [each for each in calm.world.calls.made if each.startswith(ABOUT.get(name, ""))]
    aws = [Case(name, call, kind) for call in calls for kind in AWS_FAULTS]
    stripe = [Case(name, call, kind) for call in calm.world.stripe.made for kind in STRIPE_FAULTS]
    return aws + stripe


def play(case: Case, runtime: SimulatedRuntime) -> Outcome:
    """The story with that fault."""
    return replay(STORIES[case.story], 0, runtime, given={case.occasion: case.kind})


def sweep(
    runtime: SimulatedRuntime, stride: int = 1, names: list[str] | None = None
) -> Iterator[tuple[Case, Outcome]]:
    """Every `stride`-th case of the stories."""
    for name in names or STORIES:
        for case in cases(name, runtime)[::stride]:
            yield case, play(case, runtime)


def main(names: list[str]) -> int:
    say = partial(print, file=sys.stdout, flush=True)
    started = told = time.monotonic()
    played, broken = 0, 0
    with simulated_runtime() as runtime:
        for name in names or STORIES:
            every = cases(name, runtime)
            for case in every:
                outcome = play(case, runtime)
                played += 1
                assert outcome.struck, f"{case} did not happen"
                if outcome.broken:
                    broken += 1
                    say(f"{case.story}: {story(outcome)}")
                if (now := time.monotonic()) - told > PROGRESS_SECONDS:
                    told = now
                    say(f"{now - started:5.0f} s  {name}: {played:,} faults played, {broken} broke something")
            say(f"{name:<32} {len(every):>5} faults")
    seconds, told = time.monotonic() - started, len(names or STORIES)
    say(f"{seconds:.0f} s: {played:,} faults in {told} stories, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
