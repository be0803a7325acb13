"""Prints everything that happened to an order: requests, events and handlers, from the running environment.

    python -m tools.trace ORDER

Events that carry the order's id have correlation ids, one for each request that changed the order. Every log
line with one of those belongs to the order.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local import settings
from local.aws.config import CannotStart, WrongArgument
from local.aws.data_folder import READY_FILE
from operate.command import Parser

LOG_TIME = "%Y-%m-%d %H:%M:%S,%f%z"
CAUSED_BY_ORDERS = {"InventoryChanged"}  # events about an order's ticket, under the order's correlation id

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Something that happened."""

    at: datetime
    source: str  # "orders/Api", or the bus
    text: str
    correlation: str


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 where there is nothing to print, 2 for a wrong argument."""
    parser = Parser(prog="python -m tools.trace", description="Print everything that happened to an order.")
    parser.add_argument("order", metavar="ORDER", help="the order's id")
    order = parser.parse_args(arguments).order
    if not order:
        parser.error("ORDER is missing: run make trace ORDER=<the order's id>")
    try:
        data = settings.from_environment(os.environ).data
        lines = trace(order, _events(data), data / "logs")
    except WrongArgument as error:
        parser.error(str(error).rstrip("."))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if not lines:
        print(f"The local environment knows no order {order!r}.", file=sys.stderr)
        return 1
    for line in lines:
        at = f"{line.at.astimezone():%H:%M:%S.%f}"[:-3]
        print(at, f"{line.correlation[:8]}  {line.source:<19} {line.text}")
    return 0


def trace(order: str, events: list[Event], logs: Path) -> list[Line]:
    """Everything that belongs to the order, the earliest first. `events`: all that the feed has."""
    own = [each for each in events if order in _subjects(each)]
    ids = {each["detail"]["correlationId"] for each in own}
    caused = [
        each for each in events if each["name"] in CAUSED_BY_ORDERS and each["detail"]["correlationId"] in ids
    ]
    names = {each["name"] for each in [*own, *caused]}
    logged = (line for file in sorted(logs.glob("*.log")) for line in _logged(file, ids, names))
    return sorted([*map(_published, [*own, *caused]), *logged])


def _subjects(event: Event) -> set[Any]:
    data = event["detail"].get("data", {})
    return {data.get("id"), data.get("orderId")}


def _published(event: Event) -> Line:
    at = datetime.fromisoformat(event["time"])
    return Line(at, "bus", f"{event['name']} {event['summary']}", event["detail"]["correlationId"])


def _logged(file: Path, ids: set[str], names: set[str]) -> Iterator[Line]:
    """What one function has logged under these correlation ids, except events about other orders."""
    service, _, function = file.stem.partition("-")
    for text in file.read_text(errors="replace").splitlines():
        entry = _entry(text)
        if entry.get("correlation_id") not in ids or entry.get("event", next(iter(names))) not in names:
            continue
        at = datetime.strptime(entry["timestamp"], LOG_TIME)
        yield Line(at, f"{service}/{function}", _describe(entry), entry["correlation_id"])


def _entry(text: str) -> dict[str, Any]:
    """A structured log line; empty for another."""
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _describe(entry: dict[str, Any]) -> str:
    match entry["message"]:
        case "request":
            return f"answered {entry['route']} with {entry['status']} in {entry['ms']} ms"
        case "handled":
            return f"handled {entry['event']}"
    return f"{entry['level']} {entry['message']}"


def _events(data: Path) -> list[Event]:
    """All that the running environment's feed has. Raises CannotStart where none is running."""
    try:
        url = json.loads((data / READY_FILE).read_text())["url"]
        with urllib.request.urlopen(f"{url}/_local/events", timeout=10) as response:
            return list(json.load(response))
    except OSError as error:
        raise CannotStart("No local environment is running: start one with 'make dev'.") from error


if __name__ == "__main__":
    sys.exit(main())
