"""`python -m tests.permissions`: what `make permissions` runs."""

import sys
from functools import partial

from operate.command import Parser
from tests.fakes.patching import simulated_runtime
from tests.permissions.verdict import verdict_of


def main() -> int:
    Parser(
        prog="python -m tests.permissions",
        description="Compare the permissions of every function with those it needs.",
    ).parse_args()
    output = partial(print, file=sys.stdout, flush=True)  # bound now: the simulation redirects stdout
    output("Playing scenarios and histories, and recording every call…")
    with simulated_runtime() as runtime:
        verdict = verdict_of(runtime)
    output(verdict.table)
    output(
        f"{len(verdict.granted)} permissions granted, {len(verdict.missing)} missing, "
        f"{len(verdict.unused)} unused, {len(verdict.unbounded)} unbounded"
    )
    for error in verdict.errors:
        output(error)
    return 1 if verdict.errors else 0


if __name__ == "__main__":
    sys.exit(main())
