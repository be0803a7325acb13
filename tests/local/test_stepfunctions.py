"""What is mended in moto's Step Functions: run these at every upgrade."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local.aws.moto_patches import apply_patches, stepfunctions

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


@pytest.fixture
def machine() -> Iterator[str]:
    """A machine that waits until a time, mended."""
    apply_patches()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield boto3.client("stepfunctions").create_state_machine(
            name="hold", definition=json.dumps(MACHINE), roleArn="arn:aws:iam::123456789012:role/hold"
        )["stateMachineArn"]


def waits(machine: str, until: datetime, name: str) -> str:
    """An execution that was started."""
    given = json.dumps({"until": until.strftime("%Y-%m-%dT%H:%M:%SZ")})
    client = boto3.client("stepfunctions")
    return str(client.start_execution(stateMachineArn=machine, name=name, input=given)["executionArn"])


def ended(execution: str, until: datetime) -> datetime:
    """When it succeeded."""
    client = boto3.client("stepfunctions")
    while (found := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert datetime.now(UTC) < until + timedelta(seconds=30), "it waits for ever"
        time.sleep(0.02)
    assert found["status"] == "SUCCEEDED"
    return found["stopDate"]


def soon() -> datetime:
    """A whole second, one to two from now."""
    return (datetime.now(UTC) + timedelta(seconds=1.9)).replace(microsecond=0)


def test_a_wait_lasts_until_its_time(somewhere: None, machine: str) -> None:
    until = soon()
    assert ended(waits(machine, until, "one"), until) >= until


def test_who_waits_for_the_same_moment_goes_on_in_turn(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepfunctions, "PACE", 0.2)
    until = soon() + timedelta(seconds=2)
    stopped = [ended(each, until) for each in [waits(machine, until, f"number-{n}") for n in range(4)]]
    for place, at in enumerate(sorted(stopped)):
        assert at >= until + place * timedelta(seconds=0.2)


def test_a_turn_is_the_order_in_which_they_came_and_no_moment_is_kept() -> None:
    line, until, passed = stepfunctions.Line(), soon(), datetime.now(UTC)
    assert [line.join(until) for _ in range(3)] == [0, 1, 2]
    assert [line.join(passed) for _ in range(2)] == [0, 0]
    assert line.join(until) == 3
