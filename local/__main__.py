"""`python -m local`: one local environment, until Ctrl-C or SIGTERM. `make dev` runs it.

Settings come from the environment: PORT, DATA, DYNAMODB (embedded or local), HOLD_SECONDS, FRESH=1, DEMO=0,
CONTAINERS=1 or 0.
"""

import argparse
import os

from local import environment, settings
from local.aws.arguments import Parser
from local.aws.data_folder import claim, write_ready_file
from local.aws.lifecycle import exit_now, run_until_stopped
from local.console import Console
from local.environment import LocalEnvironment


def main() -> int:
    """The exit code: 1 with one sentence where it can't start, 2 for a setting that can't be used."""
    Parser(
        prog="python -m local", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    return run_until_stopped(_start, until_stdin_closes=bool(os.environ.get("UNTIL_STDIN_CLOSES")))


def _start() -> LocalEnvironment:
    chosen = settings.from_environment(os.environ)
    claim(chosen.data, fresh=chosen.fresh)
    console = Console(chosen.data / "logs")
    running = environment.start(chosen, console)
    write_ready_file(chosen.data, running.describe())
    _welcome(running, console)
    return running


def _welcome(running: LocalEnvironment, console: Console) -> None:
    console.say(f"\n  Tiketz is ready at {running.url}\n")
    for role, account in running.demo_accounts.items():
        console.say(f"  {role:<7} {account.email}  {account.password}")
    if running.demo_accounts:
        console.say("\n  Sign in as the buyer, hold a ticket, pay with 4242 4242 4242 4242.")
    console.say(f"  Mails are at {running.url}/_local/mail; none leaves this machine.")
    console.say(f"  Events are shown here, and at {running.url}/_local/. Ctrl-C stops, data stays.\n")


if __name__ == "__main__":
    exit_now(main())
