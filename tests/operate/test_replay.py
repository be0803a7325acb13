"""Archived events of a period are replayed to the stage's bus."""

import json
from datetime import UTC, datetime

import boto3
import pytest

from operate import replay
from operate.command import CommandError
from operate.stages import Stage

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage with a bus."""
    boto3.client("events").create_event_bus(Name="tiketz-dev")
    monkeypatch.setattr(Stage, "outputs", lambda _: {"EventBusName": "tiketz-dev"})
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


def test_a_period_is_replayed_to_the_bus(stage: Stage) -> None:
    events = boto3.client("events")
    bus = events.describe_event_bus(Name="tiketz-dev")["Arn"]
    pattern = json.dumps({"source": ["tiketz.orders"]})
    events.create_archive(ArchiveName="archive", EventSourceArn=bus, EventPattern=pattern)
    later = NOON.replace(hour=13)
    started = events.describe_replay(ReplayName=replay.replay(stage, NOON, later))
    assert (started["EventStartTime"], started["EventEndTime"]) == (NOON, later)
    assert started["Destination"] == {"Arn": bus}


def test_a_bus_without_an_archive_is_an_error(stage: Stage) -> None:
    with pytest.raises(CommandError, match="has no archive"):
        replay.replay(stage, NOON, NOON)
