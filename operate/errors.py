"""Print a service's warnings and errors of the last hour.

Each line begins with the correlation id, which the browser got as x-correlation-id. What the gateway refused
by itself (429, 5xx) is among them, with its cause.
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
        "($.status = 429)",
    ]
)

Entry = dict[str, Any]


def errors(stage: Stage, service: str) -> list[str]:
    """A line for each failure, the earliest first. Raises CommandError."""
    lines = _files(stage.data, service) if isinstance(stage, LocalStage) else _log_groups(stage, service)
    return [_format(each) for each in sorted(_failures(lines), key=_timestamp)]


def _log_groups(stage: Stage, service: str) -> Iterator[str]:
    """Matching lines of all log groups of the service's stack."""
    logs = stage.client("logs")
    since = int((datetime.now(UTC) - PERIOD).timestamp() * 1000)
    for group in stage.resources(service, "AWS::Logs::LogGroup"):
        events = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since, filterPattern=f"{{ {FILTER} }}"
        )
        for event in events.search("events[]"):
            yield _with_time(event["message"], datetime.fromtimestamp(event["timestamp"] / 1000, UTC))


def _with_time(line: str, time: datetime) -> str:
    """The line with the time of its event, which access logs don't have."""
    return f'{{"time":"{time:%Y-%m-%dT%H:%M:%SZ}",{line[1:]}' if '"cause":' in line else line


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
        if isinstance(entry, dict) and _is_failure(entry):
            yield entry


def _is_failure(entry: Entry) -> bool:
    """Of an access log, only what the gateway answered by itself (`cause` is `-` otherwise), without 401s."""
    if "cause" in entry:
        return bool(entry["cause"] != "-" and (entry["status"] == 429 or entry["status"] >= 500))
    return (
        entry.get("level") in LEVELS or entry.get("status", 0) >= 500 or _invocation_status(entry) in FAILURES
    )


def _invocation_status(entry: Entry) -> str | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report"""
    record = entry.get("record")
    return record.get("status") if isinstance(record, dict) else None


def _format(entry: Entry) -> str:
    response = f"{entry['route']} answered {entry['status']}" if "route" in entry else None
    cause = str(entry.get("exception") or entry.get("errorType") or entry.get("cause") or "")
    message = entry.get("message") or entry.get("errorMessage") or _invocation_status(entry)
    level = entry.get("level") or entry.get("type")
    words = [
        entry.get("correlation_id", "-"),
        _timestamp(entry),
        level,
        message,
        response,
        cause.strip().rpartition("\n")[2],
    ]
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
