"""`python -m tests.fuzz`: what `make fuzz` runs, in this process and on a local environment."""

import sys
from functools import partial
from random import randrange

from local.process import running_environment
from operate.command import Parser
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target
from tests.support import arguments


def main() -> int:
    parser = Parser(prog="python -m tests.fuzz", description="Fuzz the API against openapi.json.")
    parser.add_argument(
        "--examples", type=arguments.count, default=100, help="for each operation; 100 by default"
    )
    parser.add_argument("--seed", type=int, default=randrange(1_000_000), help="random by default")
    args = parser.parse_args()
    output = partial(print, file=sys.stdout, flush=True)  # bound now: the simulation redirects stdout
    output(f"seed {args.seed}, {args.examples} examples of each operation")
    output("\nin process:")
    with in_process() as (url, failures):
        in_process_report = fuzz(Target(url), args.seed, args.examples, output=output)
        output(in_process_report.table())
    output("\non the local environment:")
    with running_environment() as environment:
        local_report = fuzz(Target(environment.url), args.seed, args.examples, output=output)
        output(local_report.table())
    output(f"\n{len(failures)} functions failed in process", *failures)
    return 0 if not failures and in_process_report.passed and local_report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
