"""A replay sends the events of its time alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3


def test_a_replay_leaves_out_earlier_and_later_events(
    bus: str, publish: Callable[..., None], delivered: Callable[[], list[Any]]
) -> None:
    now = datetime.now(UTC)
    for hours in (3, 2, 1):
        publish({"hours": hours}, now - timedelta(hours=hours))
    assert delivered() == [{"hours": 3}, {"hours": 2}, {"hours": 1}]
    events = boto3.client("events")
    events.start_replay(
        ReplayName="replay",
        EventSourceArn=events.describe_archive(ArchiveName="archive")["ArchiveArn"],
        EventStartTime=now - timedelta(minutes=150),
        EventEndTime=now - timedelta(minutes=90),
        Destination={"Arn": bus},
    )
    assert delivered() == [{"hours": 2}]
