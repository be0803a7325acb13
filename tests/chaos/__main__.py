"""`python -m tests.chaos`: what `make chaos` runs."""

import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random, randrange

from local.process import running_environment
from operate.command import Parser
from tests.chaos.audit import Audit
from tests.chaos.simulated_buyers import Load, SimulatedBuyer
from tests.simulation.invariants import Broken
from tests.support import arguments

BUYERS = 6
HOLD_SECONDS = 30
BETWEEN_KILLS = 1, 40  # steps of the buyers: a busy machine takes longer, not fewer of them
BETWEEN_KILLS_SECONDS = 90.0  # at most
REST_SECONDS = 300.0
SETTLE_SECONDS = 30.0  # for the last events in flight
MIN_COMPLETED = 0.2

output = partial(print, flush=True)


def main() -> int:
    parser = Parser(
        prog="python -m tests.chaos",
        description="Kill the local environment under load, then check the invariants.",
    )
    parser.add_argument("--kills", type=arguments.count, default=50, help="50 by default")
    parser.add_argument("--seed", type=int, default=randrange(1_000_000), help="random by default")
    args = parser.parse_args()
    output(f"seed {args.seed}, {args.kills} kills, {BUYERS} simulated buyers")
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="tiketz-") as folder,
        running_environment(hold_seconds=HOLD_SECONDS, data=Path(folder) / "data") as environment,
    ):
        load = Load(environment)
        kill_under_load(load, args.kills, args.seed)
        audit, broken = audit_at_rest(load)
    orders = audit.orders
    completed = orders["completed"] / max(1, orders.total())
    output(f"orders: {', '.join(f'{count} {status}' for status, count in orders.most_common())}")
    output(f"responses: {', '.join(f'{n:,} × {status}' for status, n in sorted(load.statuses.items()))}")
    output(
        f"{time.monotonic() - started:.0f} s: killed {args.kills} times, {orders.total()} orders, "
        f"{completed:.0%} of them completed, {'BROKEN: ' + str(broken) if broken else '0 broken'}"
    )
    return 1 if broken or completed < MIN_COMPLETED else 0


def kill_under_load(load: Load, kills: int, seed: int) -> None:
    """Kill the environment at random moments and start it on the same data, while buyers act."""
    random, started = Random(seed), time.monotonic()
    buyers = [SimulatedBuyer(f"buyer-{number}", load, seed) for number in range(BUYERS)]
    for buyer in buyers:
        buyer.start()
    for kill in range(1, kills + 1):
        steps = load.steps + random.randint(*BETWEEN_KILLS)
        deadline = time.monotonic() + BETWEEN_KILLS_SECONDS
        while load.steps < steps and time.monotonic() < deadline:
            time.sleep(0.01)
        load.environment.kill()
        load.environment.start()
        output(
            f"{time.monotonic() - started:5.0f} s  killed and restarted {kill} of {kills} times, "
            f"{len(load.placed)} orders placed"
        )
    load.over.set()
    for buyer in buyers:
        buyer.join()


def audit_at_rest(load: Load) -> tuple[Audit, Broken | None]:
    """The audit once every order has ended, and the invariant that does not hold, if any."""
    deadline = time.monotonic() + REST_SECONDS
    while not (audit := Audit(load.environment)).at_rest and time.monotonic() < deadline:
        time.sleep(1)
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            audit.check(load.placed)
        except Broken as broken:
            if time.monotonic() > deadline:
                return audit, broken
            time.sleep(1)
            audit = Audit(load.environment)
        else:
            return audit, None


if __name__ == "__main__":
    sys.exit(main())
