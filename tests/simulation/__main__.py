"""`python -m tests.simulation`: what `make simulate` runs."""

import argparse
import sys
from functools import partial


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--histories", type=int, default=1_000_000, help="at most so many")
    parser.add_argument("--mutant", help="with this mistake in the product, until it is found")
    asked = parser.parse_args()
    if asked.mutant:
        from tests.simulation import mutants

        mutants.let_in(mutants.BY_NAME[asked.mutant])
    from local.aws.moto_patches import apply_patches
    from tests.simulation.run import Run  # product code is imported here

    apply_patches()

    say = partial(print, file=sys.stdout, flush=True)  # this one: later it is not where print goes
    say(f"seeds from {asked.seed}, {asked.seconds:.0f} s")
    enough = 1 if asked.mutant else 3
    report = Run(asked.seconds, asked.seed, asked.histories, enough, compares=100, say=say).run()
    say(f"\n{report.table()}")
    return 1 if report.broken or report.unequal else 0


if __name__ == "__main__":
    sys.exit(main())
