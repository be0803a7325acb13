"""`python -m tests.permissions`: what `make permissions` runs."""

import sys
from functools import partial

from tests.fakes.patching import simulated_runtime
from tests.permissions.judge import judge


def main() -> int:
    say = partial(print, file=sys.stdout, flush=True)  # this one: in simulated worlds prints go nowhere
    say("Playing stories and histories, and writing down every call…")
    with simulated_runtime() as runtime:
        verdict = judge(runtime)
    say(verdict.table)
    say(
        f"{len(verdict.granted)} permissions granted, {len(verdict.missing)} missing, "
        f"{len(verdict.idle)} idle, {len(verdict.boundless)} on everything"
    )
    for fault in verdict.faults:
        say(fault)
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
