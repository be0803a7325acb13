"""`python -m tests.fuzz`: what `make fuzz` runs, on a world of its own and in this process."""

import argparse
import sys
from functools import partial
from random import randrange

from local.process import running_environment
from tests.fuzz.fuzzing import Report, fuzz
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="for each operation")
    parser.add_argument("--seed", type=int, default=randrange(1_000_000))
    asked = parser.parse_args()
    say = partial(print, file=sys.stdout, flush=True)  # this one: in process, prints go nowhere
    say(f"seed {asked.seed}, {asked.examples} examples of each operation")
    say("\nin process:")
    with in_process() as (url, faults):
        first = fuzz(Target(url), asked.seed, asked.examples, say=say)
        say(first.table())
    say("\non the running world:")
    with running_environment() as world:
        second = fuzz(Target(world.url), asked.seed, asked.examples, say=say)
        say(second.table())
    say(f"\n{len(faults)} functions failed in process", *faults)
    return 1 if faults or bad(first) or bad(second) else 0


def bad(report: Report) -> bool:
    return bool(report.failures or report.faults)


if __name__ == "__main__":
    sys.exit(main())
