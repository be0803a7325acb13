"""The failures of the last hour are read from the log groups of a service's stack."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from operate import errors
from operate.stages import Stage

REQUEST = {"level": "INFO", "message": "request", "route": "GET /api/orders"}
REPORT = {"time": "2026-12-01", "type": "platform.report"}
LINES: list[dict[str, Any]] = [
    {**REQUEST, "status": 200, "correlation_id": "a"},
    {**REQUEST, "status": 503, "correlation_id": "b"},
    {"level": "ERROR", "errorMessage": "no room", "errorType": "MemoryError"},
    {**REPORT, "record": {"requestId": "c", "status": "timeout"}},
    {**REPORT, "record": {"requestId": "d", "status": "success"}},
]
ACCESS = {"route": "GET /api/orders", "ms": "3"}
ACCESS_LINES = [  # of the gateway: after a function's response, refused by throttling, without a session
    {"correlation_id": "b", **ACCESS, "status": 503, "cause": "-"},
    {"correlation_id": "e", **ACCESS, "status": 429, "cause": "THROTTLED"},
    {"correlation_id": "f", **ACCESS, "status": 500, "cause": "INTEGRATION_FAILURE"},
    {"correlation_id": "g", **ACCESS, "status": 401, "cause": "UNAUTHORIZED"},
]
NOW = datetime.now(UTC)


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose orders service has written these lines to its log groups."""
    written: dict[str, list[dict[str, Any]]] = {"api": LINES, "access": ACCESS_LINES}
    groups = {name: {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}} for name in written}
    template = json.dumps({"Resources": groups})
    boto3.client("cloudformation").create_stack(StackName="orders", TemplateBody=template)
    logs, now = boto3.client("logs"), int(NOW.timestamp() * 1000)
    for name, lines in written.items():
        logs.create_log_stream(logGroupName=name, logStreamName="one")
        events = [{"timestamp": now, "message": json.dumps(each)} for each in lines]
        logs.put_log_events(logGroupName=name, logStreamName="one", logEvents=events)
    monkeypatch.setattr(Stage, "nested", lambda _, service: service)
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


def test_failures_are_printed_with_their_correlation_id(stage: Stage) -> None:
    assert errors.errors(stage, "orders") == [
        "b INFO request GET /api/orders answered 503",
        "- ERROR no room MemoryError",
        f"e {NOW:%Y-%m-%dT%H:%M:%SZ} GET /api/orders answered 429 THROTTLED",
        f"f {NOW:%Y-%m-%dT%H:%M:%SZ} GET /api/orders answered 500 INTEGRATION_FAILURE",
        "- 2026-12-01 platform.report timeout",
    ]
