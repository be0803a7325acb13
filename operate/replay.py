"""Replay archived events: publish again the events of a period of the last two weeks.

All consumers receive them, and ignore those that they have handled already.
"""

import argparse
from datetime import UTC, datetime

from operate import stages
from operate.command import CommandError, parse_time
from operate.stages import Stage


def replay(stage: Stage, start: datetime, end: datetime) -> str:
    """The name of the replay, which runs for minutes. Raises CommandError."""
    events, bus = stage.client("events"), stage.event_bus()
    arn = events.describe_event_bus(Name=bus)["Arn"]
    archives = events.list_archives(EventSourceArn=arn)["Archives"]
    if not archives:
        raise CommandError(f"The bus {bus} has no archive.")
    name = f"{bus}-{start:%Y%m%dT%H%M%S}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    events.start_replay(
        ReplayName=name,
        EventSourceArn=events.describe_archive(ArchiveName=archives[0]["ArchiveName"])["ArchiveArn"],
        EventStartTime=start,
        EventEndTime=end,
        Destination={"Arn": arn},
    )
    return name


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument(
        "--from", required=True, type=parse_time, dest="start", help="such as 2026-12-01T18:00:00Z"
    )
    parser.add_argument("--to", required=True, type=parse_time, dest="end")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    print(f"Started replay {replay(stages.load(options.stage), options.start, options.end)}.")
