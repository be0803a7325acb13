"""An order's whole story: what was asked, said and heard, from the running world's feed and logs.

`python -m local.trace ORDER`. What carries the order's id names the correlation ids that belong to it, one
for each request that changed the order; every log line under one of them is a part of the story.
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
from local.aws.config import CannotStart

LOGGED = "%Y-%m-%d %H:%M:%S,%f%z"
PASSED_ON = {"InventoryChanged"}  # of the order's making, but about its ticket


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Something that happened."""

    at: datetime
    who: str  # "orders/Api", or the bus
    what: str
    correlation: str


def story(order: str, events: list[dict[str, Any]], logs: Path) -> list[Line]:
    """Everything that belongs to the order, the earliest first; `events` are all that the feed remembers."""
    own = [each for each in events if order in _subjects(each)]
    ids = {each["detail"]["correlationId"] for each in own}
    caused = [each for each in events if each["name"] in PASSED_ON and each["detail"]["correlationId"] in ids]
    names = {each["name"] for each in [*own, *caused]}
    said = [_said(each) for each in [*own, *caused]]
    return sorted(
        [*said, *(line for file in sorted(logs.glob("*.log")) for line in _lines(file, ids, names))]
    )


def _subjects(event: dict[str, Any]) -> set[Any]:
    data = event["detail"].get("data", {})
    return {data.get("id"), data.get("orderId")}


def _said(event: dict[str, Any]) -> Line:
    at = datetime.fromisoformat(event["time"])
    return Line(at, "bus", f"{event['name']} {event['gist']}", event["detail"]["correlationId"])


def _lines(file: Path, ids: set[str], names: set[str]) -> Iterator[Line]:
    """What one function logged under these ids; what it heard of other orders is theirs."""
    service, _, function = file.stem.partition("-")
    for text in file.read_text(errors="replace").splitlines():
        entry = _entry(text)
        if entry.get("correlation_id") not in ids or entry.get("event", next(iter(names))) not in names:
            continue
        at = datetime.strptime(entry["timestamp"], LOGGED)
        yield Line(at, f"{service}/{function}", _told(entry), entry["correlation_id"])


def _entry(text: str) -> dict[str, Any]:
    """A structured log line; nothing where it is another."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(entry: dict[str, Any]) -> str:
    match entry["message"]:
        case "request":
            return f"answered {entry['route']} with {entry['status']} in {entry['ms']} ms"
        case "handled":
            return f"handled {entry['event']}"
    return f"{entry['level']} {entry['message']}"


def main() -> int:
    """Print the story; exit code 1 with one sentence where there is none."""
    order = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        data = settings.from_environment(os.environ).data
        lines = story(order, _events(data), data / "logs")
    except CannotStart as error:
        print(f"There is no story to tell. {error}", file=sys.stderr)
        return 1
    if not lines:
        print(f"The running world has not heard of an order {order!r}.", file=sys.stderr)
        return 1
    for line in lines:
        print(
            f"{line.at.astimezone():%H:%M:%S.%f}"[:-3], f"{line.correlation[:8]}  {line.who:<19} {line.what}"
        )
    return 0


def _events(data: Path) -> list[dict[str, Any]]:
    """All that the running world's feed remembers. Raises CannotStart."""
    ready = data / settings.READY_FILE
    try:
        url = json.loads(ready.read_text())["url"]
        with urllib.request.urlopen(f"{url}/_local/events", timeout=10) as answer:
            return list(json.load(answer))
    except OSError as error:
        raise CannotStart("No world is running: start one with 'make dev'.") from error


if __name__ == "__main__":
    sys.exit(main())
