"""The hunt for mutants: each in a process of its own, until the simulation finds it.

`python -m tests.simulation.mutant_run` hunts all of them, or those whose names contain what is given.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from os import cpu_count

from tests.simulation import mutants
from tests.simulation.mutants import MUTANTS, Mutant

SECONDS = 30.0  # of a processor, for each


@dataclass(frozen=True, slots=True)
class Catch:
    """What gave a mutant away: the invariant, and in how many histories and seconds of a processor."""

    invariant: str
    histories: int
    seconds: float


def hunt(mutant: Mutant) -> Catch | None:
    """None where it gets away."""
    command = [sys.executable, "-m", "tests.simulation.mutant_run", "--inside", mutant.name]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(ran.stdout)
    return Catch(**found) if found else None


def _inside(name: str) -> None:
    """In the process that has the mutant."""
    mutants.let_in(mutants.BY_NAME[name])
    from tests.simulation.run import Run  # product code is imported here

    say = partial(print, file=sys.stdout)
    report = Run(SECONDS, enough=1, shrinks=False, clock=time.process_time).run()
    broken = [outcome.broken.invariant for outcome in report.broken if outcome.broken]
    catch = Catch(broken[0], report.histories, round(report.seconds, 1)) if broken else None
    say(json.dumps(asdict(catch) if catch else None))


def main(names: list[str]) -> int:
    hunted = [mutant for mutant in MUTANTS if not names or any(name in mutant.name for name in names)]
    with ThreadPoolExecutor(cpu_count()) as hunters:
        caught = 0
        for mutant, catch in zip(hunted, hunters.map(hunt, hunted), strict=True):
            caught += catch is not None
            told = f"{catch.seconds:5.1f} s  {catch.histories:>3}  {catch.invariant}" if catch else "GOT AWAY"
            print(f"{mutant.name:<66} {told}", flush=True)
    print(f"{caught} of {len(hunted)} mutants caught")
    return 0 if caught == len(hunted) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        _inside(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1:]))
