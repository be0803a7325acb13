"""The failures of the last hour are read from the log groups of a service's stack."""

import json
from datetime import UTC, datetime

import boto3
import pytest

from operate import errors
from operate.stages import Stage

REQUEST = {"level": "INFO", "message": "request", "route": "GET /api/orders"}
REPORT = {"time": "2026-12-01", "type": "platform.report"}
LINES = [
    {**REQUEST, "status": 200, "correlation_id": "a"},
    {**REQUEST, "status": 503, "correlation_id": "b"},
    {"level": "ERROR", "errorMessage": "no room", "errorType": "MemoryError"},
    {**REPORT, "record": {"requestId": "c", "status": "timeout"}},
    {**REPORT, "record": {"requestId": "d", "status": "success"}},
]


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose orders service has written these lines to its one log group."""
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "api"}}
    template = json.dumps({"Resources": {"ApiLogs": group}})
    boto3.client("cloudformation").create_stack(StackName="orders", TemplateBody=template)
    logs, now = boto3.client("logs"), int(datetime.now(UTC).timestamp() * 1000)
    logs.create_log_stream(logGroupName="api", logStreamName="one")
    events = [{"timestamp": now, "message": json.dumps(each)} for each in LINES]
    logs.put_log_events(logGroupName="api", logStreamName="one", logEvents=events)
    monkeypatch.setattr(Stage, "nested", lambda _, service: service)
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


def test_failures_are_printed_with_their_correlation_id(stage: Stage) -> None:
    assert errors.errors(stage, "orders") == [
        "b INFO request GET /api/orders answered 503",
        "- ERROR no room MemoryError",
        "- 2026-12-01 platform.report timeout",
    ]
