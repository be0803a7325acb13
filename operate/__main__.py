"""`python -m operate COMMAND`: parses the command line and runs the command."""

import argparse
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from operate import (
    addresses,
    aws_check,
    delete,
    deploy,
    diff,
    errors,
    mail,
    redrive,
    refund,
    replay,
    republish,
    restore,
    rotate_keys,
    secrets,
)
from operate.command import CommandError, Parser

# Each module has configure(parser) and run(options); its docstring is the help.
COMMANDS = {
    "deploy": deploy,
    "diff": diff,
    "delete": delete,
    "secrets": secrets,
    "rotate-keys": rotate_keys,
    "mail": mail,
    "errors": errors,
    "redrive": redrive,
    "republish": republish,
    "replay": replay,
    "refund": refund,
    "restore": restore,
    "addresses": addresses,
    "aws-check": aws_check,
}


def parser() -> Parser:
    """The whole command line."""
    whole = Parser(prog="python -m operate", description="Deploy Tiketz to a stage, and operate it.")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        description = str(module.__doc__)
        command = commands.add_parser(
            name,
            help=description.splitlines()[0],
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.configure(command)
        command.set_defaults(run=module.run)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 for a command that failed, 2 for wrong arguments; an error is one sentence."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except (BotoCoreError, ClientError) as error:
        print(f"AWS call failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
