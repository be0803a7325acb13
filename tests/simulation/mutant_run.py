"""Runs the simulation on each mutant, in a process of its own, until an invariant breaks.

`python -m tests.simulation.mutant_run [NAME …]` runs all mutants, or those whose names contain a NAME.
"""

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from os import cpu_count

from operate.command import Parser
from tests.simulation.mutant_importer import Mutant, MutantImporter
from tests.simulation.mutants import BY_NAME, MUTANTS

CPU_SECONDS = 30.0  # for each mutant


@dataclass(frozen=True, slots=True)
class Catch:
    """The invariant that a mutant broke, after how many histories and seconds of CPU time."""

    invariant: str
    histories: int
    seconds: float


def catch(mutant: Mutant) -> Catch | None:
    """None where no invariant breaks in time."""
    command = [sys.executable, "-m", "tests.simulation.mutant_run", "--child", mutant.name]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    caught = json.loads(process.stdout)
    return Catch(**caught) if caught else None


def _run_child(name: str) -> None:
    """Simulate one mutant in this process and print the catch as JSON."""
    MutantImporter(BY_NAME[name]).install()
    from tests.simulation.outages import EVERY  # imports the product
    from tests.simulation.run import Run

    output = partial(print, file=sys.stdout)
    first, every = (EVERY - 1, EVERY) if BY_NAME[name].in_outages else (0, 1)
    run = Run(CPU_SECONDS, first, max_broken=1, shrinks=False, every=every, clock=time.process_time)
    report = run.run()
    broken = [outcome.broken.invariant for outcome in report.broken if outcome.broken]
    caught = Catch(broken[0], report.histories, round(report.seconds, 1)) if broken else None
    output(json.dumps(asdict(caught) if caught else None))


def main() -> int:
    parser = Parser(
        prog="python -m tests.simulation.mutant_run",
        description="Check that the simulation catches each seeded bug.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="mutants whose names contain this")
    parser.add_argument("--child", choices=BY_NAME, metavar="NAME", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        _run_child(args.child)
        return 0
    selected = [each for each in MUTANTS if not args.names or any(name in each.name for name in args.names)]
    if not selected:
        parser.error(f"no mutant's name contains {' or '.join(map(repr, args.names))}")
    caught = 0
    with ThreadPoolExecutor(cpu_count()) as pool:
        for mutant, result in zip(selected, pool.map(catch, selected), strict=True):
            caught += result is not None
            shown = (
                f"{result.seconds:5.1f} s  {result.histories:>3}  {result.invariant}" if result else "MISSED"
            )
            print(f"{mutant.name:<66} {shown}", flush=True)
    print(f"{caught} of {len(selected)} mutants caught")
    return 0 if caught == len(selected) else 1


if __name__ == "__main__":
    sys.exit(main())
