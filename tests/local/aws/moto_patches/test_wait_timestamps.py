"""A Wait state lasts until its timestamp, in any time zone."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local.aws.moto_patches import apply_patches, wait_timestamps

MACHINE = {
    "StartAt": "Hold",
    "States": {"Hold": {"Type": "Wait", "TimestampPath": "$.until", "End": True}},
}


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Auckland"])
def time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process in another time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def machine() -> Iterator[str]:
    """The ARN of a state machine that waits until a time."""
    apply_patches()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield boto3.client("stepfunctions").create_state_machine(
            name="hold", definition=json.dumps(MACHINE), roleArn="arn:aws:iam::123456789012:role/hold"
        )["stateMachineArn"]


def start(machine: str, until: datetime, name: str) -> str:
    """The ARN of an execution that waits."""
    body = json.dumps({"until": until.strftime("%Y-%m-%dT%H:%M:%SZ")})
    client = boto3.client("stepfunctions")
    return str(client.start_execution(stateMachineArn=machine, name=name, input=body)["executionArn"])


def ended(execution: str, until: datetime) -> datetime:
    """When it succeeded."""
    client = boto3.client("stepfunctions")
    while (described := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert datetime.now(UTC) < until + timedelta(seconds=30), "it waits for ever"
        time.sleep(0.02)
    assert described["status"] == "SUCCEEDED"
    return described["stopDate"]


def soon() -> datetime:
    """A whole second, one to two from now."""
    return (datetime.now(UTC) + timedelta(seconds=1.9)).replace(microsecond=0)


def test_a_wait_lasts_until_its_time(time_zone: None, machine: str) -> None:
    until = soon()
    assert ended(start(machine, until, "one"), until) >= until


def test_waits_for_the_same_moment_end_one_after_the_other(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wait_timestamps, "SPACING", 0.2)
    until = soon() + timedelta(seconds=2)
    stopped = [ended(each, until) for each in [start(machine, until, f"number-{n}") for n in range(4)]]
    for position, at in enumerate(sorted(stopped)):
        assert at >= until + position * timedelta(seconds=0.2)


def test_positions_are_those_of_arrival_and_passed_moments_are_dropped() -> None:
    order, until, passed = wait_timestamps.WaitOrder(), soon(), datetime.now(UTC)
    assert [order.join(until) for _ in range(3)] == [0, 1, 2]
    assert [order.join(passed) for _ in range(2)] == [0, 0]
    assert order.join(until) == 3
