"""`make errors STAGE=… SERVICE=…`: what went wrong in a service in the last hour, from its logs.

Each line begins with the correlation id that the browser got for the request that it belongs to.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from local import settings
from operate.stages import LOCAL, CannotDo, Stage, run, stage

LATELY = timedelta(hours=1)
BAD = ("WARN", "WARNING", "ERROR", "CRITICAL")  # Powertools says WARNING, Lambda itself says WARN
ENDED = ("timeout", "error", "failure")  # how Lambda says that it ended an invocation
PATTERN = " || ".join(
    [
        *(f'($.level = "{each}")' for each in BAD),
        *(f'($.record.status = "{each}")' for each in ENDED),
        "($.status >= 500)",
    ]
)

Entry = dict[str, Any]


def errors(place: Stage, service: str) -> list[str]:
    """A line for each thing that went wrong, the earliest first. Raises CannotDo."""
    stack = place.nested(service)
    texts = _local(service) if place.name == LOCAL else _logged(place, stack)
    entries = [entry for entry in map(_entry, texts) if _is_bad(entry)]
    return [_told(each) for each in sorted(entries, key=_when)]


def _logged(place: Stage, stack: str) -> Iterator[str]:
    """What CloudWatch has in the stack's log groups."""
    cloudformation, logs = place.client("cloudformation"), place.client("logs")
    since = int((datetime.now(UTC) - LATELY).timestamp() * 1000)
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for each in page["StackResourceSummaries"]:
            if each["ResourceType"] == "AWS::Logs::LogGroup":
                asked = {"logGroupName": each["PhysicalResourceId"], "startTime": since}
                found = logs.get_paginator("filter_log_events").paginate(
                    **asked, filterPattern=f"{{ {PATTERN} }}"
                )
                yield from (event["message"] for part in found for event in part["events"])


def _local(service: str) -> Iterator[str]:
    """What the local world has in its files, of however long ago."""
    for file in sorted((settings.from_environment(os.environ).data / "logs").glob(f"{service}-*.log")):
        yield from file.read_text(errors="replace").splitlines()


def _entry(text: str) -> Entry:
    """A structured line; nothing where it is another."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_bad(entry: Entry) -> bool:
    return entry.get("level") in BAD or entry.get("status", 0) >= 500 or _ended(entry) in ENDED


def _ended(entry: Entry) -> str | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report"""
    record = entry.get("record")
    return record.get("status") if isinstance(record, dict) else None


def _told(entry: Entry) -> str:
    answered = f"{entry['route']} answered {entry['status']}" if "route" in entry else None
    cause = str(entry.get("exception") or entry.get("errorType") or "").strip().rpartition("\n")[2]
    words = [entry.get("correlation_id", "-"), _when(entry), entry.get("level") or entry.get("type")]
    said = [entry.get("message") or entry.get("errorMessage") or _ended(entry), answered, cause]
    return " ".join(str(each) for each in [*words, *said] if each)


def _when(entry: Entry) -> str:
    return str(entry.get("timestamp") or entry.get("time") or "")


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 2:
        raise CannotDo("Say where: make errors STAGE=dev SERVICE=orders")
    found = errors(stage(arguments[0]), arguments[1])
    print("\n".join(found) or f"Nothing went wrong in {arguments[1]} in the last hour.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
