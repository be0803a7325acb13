"""What is mended in moto's Step Functions: run these at every upgrade."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local import stepfunctions

MACHINE = {
    "StartAt": "Hold",
    "States": {"Hold": {"Type": "Wait", "TimestampPath": "$.until", "End": True}},
}


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Auckland"])
def somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on another side of the world."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_wait_lasts_until_its_time(somewhere: None) -> None:
    stepfunctions.mend()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.Session().client("stepfunctions")
        machine = client.create_state_machine(
            name="hold", definition=json.dumps(MACHINE), roleArn="arn:aws:iam::123456789012:role/hold"
        )["stateMachineArn"]
        until = (datetime.now(UTC) + timedelta(seconds=1.9)).replace(microsecond=0)
        started = client.start_execution(
            stateMachineArn=machine,
            name="one",
            input=json.dumps({"until": until.strftime("%Y-%m-%dT%H:%M:%SZ")}),
        )["executionArn"]
        while (execution := client.describe_execution(executionArn=started))["status"] == "RUNNING":
            assert datetime.now(UTC) < until + timedelta(seconds=30), "it waits for ever"
            time.sleep(0.02)
    assert execution["status"] == "SUCCEEDED"
    assert execution["stopDate"] >= until
