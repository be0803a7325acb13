"""One history: Stripe tells late of an authorisation that is canceled since, and of the cancellation never.

`python -m tests.simulation.old_webhook [a mutant's name]` prints what broke in it, and how its order ended.
"""

import json
import sys
from collections import UserDict
from functools import partial

from tests.simulation import mutants
from tests.simulation.steps import Step

SEED = 4  # so late
STEPS = [
    Step(1, 0.5, "maren", "signs up", None, {}),
    Step(2, 0.6, "ann", "signs up", None, {}),
    Step(3, 2.0, "maren", "lists", None, {"price": 5000, "quantity": 1}),
    Step(4, 5.0, "ann", "orders", 3, {"quantity": 1}),
    Step(5, 8.0, "ann", "pays", 4, {}),
    Step(6, 10.0, "ann", "confirms", 4, {"card": "visa"}),
    Step(7, 11.0, "office", "presses for", 4, {"press": "cancel"}),
]


class OldWebhook(UserDict[str, str]):
    """The faults of this history, by what they befall."""

    def get(self, occasion: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if occasion.startswith("webhook payment_intent.amount_capturable_updated"):
            return "late"
        return "lost" if occasion.startswith("webhook payment_intent.canceled") else default


def main(names: list[str]) -> None:
    for name in names:
        mutants.let_in(mutants.BY_NAME[name])
    from tests.fakes.patching import simulated_runtime
    from tests.simulation.history import replay  # product code is imported here

    say = partial(print, file=sys.stdout)
    with simulated_runtime() as runtime:
        outcome = replay(STEPS, SEED, runtime, given=OldWebhook())
    assert outcome.world
    [order] = [row for row in outcome.world.rows("orders") if row["pk"].startswith("ORDER#")]
    told = {name: order[name] for name in ("status", "version")}
    say(json.dumps({"broken": outcome.broken and outcome.broken.invariant, **told}))


if __name__ == "__main__":
    main(sys.argv[1:])
