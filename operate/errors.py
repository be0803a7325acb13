"""Print a service's warnings and errors of the last hour.

Each line begins with the correlation id, which the browser got as x-correlation-id.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from operate import stages
from operate.stages import LocalStage, Stage

PERIOD = timedelta(hours=1)
LEVELS = ("WARN", "WARNING", "ERROR", "CRITICAL")  # Powertools writes WARNING, Lambda itself WARN
FAILURES = ("timeout", "error", "failure")  # Lambda's status of an invocation that it ended
FILTER = " || ".join(
    [
        *(f'($.level = "{each}")' for each in LEVELS),
        *(f'($.record.status = "{each}")' for each in FAILURES),
        "($.status >= 500)",
    ]
)

Entry = dict[str, Any]


def errors(stage: Stage, service: str) -> list[str]:
    """A line for each failure, the earliest first. Raises CommandError."""
    lines = _files(stage.data, service) if isinstance(stage, LocalStage) else _log_groups(stage, service)
    return [_format(each) for each in sorted(_failures(lines), key=_timestamp)]


def _log_groups(stage: Stage, service: str) -> Iterator[str]:
    """Matching lines of all log groups of the service's stack."""
    cloudformation, logs = stage.client("cloudformation"), stage.client("logs")
    since = int((datetime.now(UTC) - PERIOD).timestamp() * 1000)
    resources = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stage.nested(service))
    for each in resources.search("StackResourceSummaries[?ResourceType=='AWS::Logs::LogGroup']"):
        events = logs.get_paginator("filter_log_events").paginate(
            logGroupName=each["PhysicalResourceId"], startTime=since, filterPattern=f"{{ {FILTER} }}"
        )
        yield from events.search("events[].message")


def _files(data: Path, service: str) -> Iterator[str]:
    """All lines that a local environment wrote, however old."""
    for file in sorted((data / "logs").glob(f"{service}-*.log")):
        yield from file.read_text(errors="replace").splitlines()


def _failures(lines: Iterable[str]) -> Iterator[Entry]:
    """The structured lines that report a failure."""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and (
            entry.get("level") in LEVELS
            or entry.get("status", 0) >= 500
            or _invocation_status(entry) in FAILURES
        ):
            yield entry


def _invocation_status(entry: Entry) -> str | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report"""
    record = entry.get("record")
    return record.get("status") if isinstance(record, dict) else None


def _format(entry: Entry) -> str:
    response = f"{entry['route']} answered {entry['status']}" if "route" in entry else None
    cause = str(entry.get("exception") or entry.get("errorType") or "").strip().rpartition("\n")[2]
    message = entry.get("message") or entry.get("errorMessage") or _invocation_status(entry)
    level = entry.get("level") or entry.get("type")
    words = [entry.get("correlation_id", "-"), _timestamp(entry), level, message, response, cause]
    return " ".join(str(each) for each in words if each)


def _timestamp(entry: Entry) -> str:
    return str(entry.get("timestamp") or entry.get("time") or "")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    stages.add_service(parser)


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    lines = errors(stages.load(options.stage), options.service)
    print("\n".join(lines) or f"No errors in {options.service} in the last hour.")
