"""One history: a webhook reports an authorization after it was canceled; the cancellation's webhook is lost.

`python -m tests.simulation.old_webhook [MUTANT]` prints the broken invariant and how the order ended.
"""

import json
import sys
from collections import UserDict
from functools import partial

from operate.command import Parser
from tests.simulation.mutant_importer import MutantImporter
from tests.simulation.mutants import BY_NAME
from tests.simulation.steps import Step

SEED = 4  # delays the webhook past the cancellation
STEPS = [
    Step(1, 0.5, "maren", "signs up", None, {}),
    Step(2, 0.6, "ann", "signs up", None, {}),
    Step(3, 2.0, "maren", "lists", None, {"price": 5000, "quantity": 1}),
    Step(4, 5.0, "ann", "orders", 3, {"quantity": 1}),
    Step(5, 8.0, "ann", "pays", 4, {}),
    Step(6, 10.0, "ann", "confirms", 4, {"card": "visa"}),
    Step(7, 11.0, "operator", "presses", 4, {"press": "cancel"}),
]


class WebhookFaults(UserDict[str, str]):
    """The faults of this history by their key."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if key.startswith("webhook payment_intent.amount_capturable_updated"):
            return "late"
        return "lost" if key.startswith("webhook payment_intent.canceled") else default


def main() -> None:
    parser = Parser(prog="python -m tests.simulation.old_webhook", description=__doc__)
    parser.add_argument("mutant", nargs="?", choices=BY_NAME, metavar="MUTANT", help="a seeded bug")
    args = parser.parse_args()
    if args.mutant:
        MutantImporter(BY_NAME[args.mutant]).install()
    from tests.fakes.patching import simulated_runtime  # imports the product
    from tests.simulation.history import replay

    output = partial(print, file=sys.stdout)
    with simulated_runtime() as runtime:
        outcome = replay(STEPS, SEED, runtime, planned_faults=WebhookFaults())
    assert outcome.app
    [order] = [row for row in outcome.app.rows("orders") if row["pk"].startswith("ORDER#")]
    shown = {name: order[name] for name in ("status", "version")}
    output(json.dumps({"broken": outcome.broken and outcome.broken.invariant, **shown}))


if __name__ == "__main__":
    main()
