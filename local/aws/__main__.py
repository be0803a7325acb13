"""`python -m local.aws`: runs any SAM application's templates on this machine, until Ctrl-C.

    python -m local.aws --data .local --python .venv-lambda/bin/python \\
        --event-bus shop --parameter EventBusName=shop functions/orders/template.yaml …

All HTTP APIs are served at one address. The application is ready when `ready.json` is in the data folder.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request

from local.aws import application
from local.aws.account import open_account
from local.aws.application import Application
from local.aws.arguments import Parser, pair, port
from local.aws.config import CannotStart
from local.aws.data_folder import claim, write_ready_file
from local.aws.http_server import HttpServer
from local.aws.lifecycle import exit_now, run_until_stopped


@dataclass(frozen=True, slots=True)
class Running:
    """The application behind its address."""

    application: Application
    server: HttpServer

    def stop(self) -> None:
        self.server.close()
        self.application.stop()


class Console:
    """Prints a line for everything, and what functions write after their names."""

    def step(self, text: str) -> None:
        print(text, flush=True)

    def problem(self, text: str) -> None:
        print(text, flush=True)

    def log(self, function: str, line: str) -> None:
        print(f"{function}: {line}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 with one sentence where it can't start, 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    return run_until_stopped(lambda: _start(options), until_stdin_closes=options.until_stdin_closes)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m local.aws", description="Run SAM templates on this machine, until Ctrl-C."
    )
    add = parser.add_argument
    add("templates", nargs="+", type=Path, metavar="TEMPLATE", help="deployed in this order")
    add("--data", type=Path, required=True, help="folder for stored rows")
    add("--python", type=Path, default=Path(sys.executable), help="the interpreter of Lambda workers")
    add("--port", type=port, default=0, help="of the HTTP APIs; any free one by default")
    add("--dynamodb", choices=("embedded", "local"), default="embedded", help="the DynamoDB engine")
    add("--prefix", default="local", help="of the names of stacks and tables (local)")
    add("--event-bus", metavar="NAME", help="a bus to create before the templates are deployed")
    add("--parameter", action="append", type=pair, default=[], metavar="NAME=VALUE", help="of the templates")
    add("--secret", action="append", type=pair, default=[], metavar="NAME=VALUE", help="an SSM SecureString")
    add("--until-stdin-closes", action="store_true", help="stop when standard input ends, too")
    return parser


def _start(options: argparse.Namespace) -> Running:
    console = Console()
    data = options.data.resolve()
    claim(data)
    try:
        server = HttpServer(options.port)
    except OSError as error:
        raise CannotStart(f"Port {options.port} is in use: choose another with --port.") from error
    account = open_account(data, engine=options.dynamodb, report=console.problem)
    if options.event_bus:
        account.client("events").create_event_bus(Name=options.event_bus)
    for name, value in options.secret:
        account.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    running = application.start(
        account,
        [each.resolve() for each in options.templates],
        prefix=options.prefix,
        parameters=dict(options.parameter),
        python=options.python.absolute(),
        console=console,
    )

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body: Iterable[bytes] = running.router(Request(environ))(environ, start_response)
        return body

    server.start(serve)
    write_ready_file(data, {"url": server.url, **running.describe()})
    console.step(f"Ready at {server.url}. Ctrl-C stops, data stays in {os.path.relpath(data)}.")
    return Running(running, server)


if __name__ == "__main__":
    exit_now(main())
