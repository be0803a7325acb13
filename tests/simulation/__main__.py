"""`python -m tests.simulation`: what `make simulate` runs."""

import sys
from functools import partial

from operate.command import Parser
from tests.simulation.mutant_importer import MutantImporter
from tests.simulation.mutants import BY_NAME
from tests.support import arguments


def main() -> int:
    parser = Parser(
        prog="python -m tests.simulation",
        description="Simulate users and faults in virtual time, and check the invariants.",
    )
    parser.add_argument("--seconds", type=arguments.seconds, default=60.0, help="how long; 60 by default")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; 0 by default")
    parser.add_argument("--histories", type=arguments.count, default=1_000_000, help="at most so many")
    parser.add_argument("--mutant", choices=BY_NAME, metavar="NAME", help="seed this bug into the product")
    args = parser.parse_args()
    if args.mutant:
        MutantImporter(BY_NAME[args.mutant]).install()
    from local.aws import moto_speedups
    from local.aws.moto_patches import apply_patches
    from tests.simulation.run import Run  # imports the product

    moto_speedups.apply()
    apply_patches()

    output = partial(print, file=sys.stdout, flush=True)  # bound now: the simulation redirects stdout
    output(f"seeds from {args.seed}, {args.seconds:.0f} s")
    max_broken = 1 if args.mutant else 3
    run = Run(args.seconds, args.seed, args.histories, max_broken, compare_every=100, output=output)
    report = run.run()
    output(f"\n{report.table()}")
    return 1 if report.broken or report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
