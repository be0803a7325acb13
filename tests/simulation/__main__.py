"""`python -m tests.simulation`: histories from one seed to the next, until the time is up."""

import argparse
import sys
import time

from tests.simulation.history import play
from tests.simulation.report import Report, story
from tests.simulation.shrink import Shrinking
from tests.simulation.world.plug import plugged

PROGRESS_SECONDS = 10.0
ENOUGH = 3  # broken histories


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--histories", type=int, default=10**9, help="at most so many")
    asked = parser.parse_args()
    started = told = time.monotonic()
    report = Report()
    print(f"seeds from {asked.seed}, {asked.seconds:.0f} s", flush=True)
    with plugged() as plug:
        for seed in range(asked.seed, asked.seed + asked.histories):
            now = time.monotonic()
            if now - started > asked.seconds or len(report.broken) >= ENOUGH:
                break
            if now - told > PROGRESS_SECONDS:
                told = now
                print(f"{now - started:5.0f} s  seed {seed}: {report.line}", flush=True)
            outcome = play(seed, plug)
            report.add(outcome)
            if outcome.broken:
                print(f"seed {seed} broke: {outcome.broken.invariant}; shrinking it", flush=True)
                print(story(Shrinking(outcome, plug).run()), flush=True)
    print(f"\n{time.monotonic() - started:.0f} s: {report.table()}")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
