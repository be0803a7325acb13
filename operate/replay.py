"""`make replay STAGE=… FROM=… TO=…`: the bus says again what it said in a stretch of time, from its archive.

Every consumer hears it: those that know it already take it for a repeat.
"""

import sys
from datetime import UTC, datetime

from local.settings import BUS
from operate.stages import LOCAL, CannotDo, Stage, moment, run, stage


def replay(place: Stage, begin: datetime, end: datetime) -> str:
    """The replay's name. It runs by itself, and takes minutes. Raises CannotDo."""
    events = place.client("events")
    bus = BUS if place.name == LOCAL else place.outputs()["EventBusName"]
    arn = events.describe_event_bus(Name=bus)["Arn"]
    archives = events.list_archives(EventSourceArn=arn)["Archives"]
    if not archives:
        raise CannotDo(f"The bus {bus} has no archive.")
    [archive] = archives
    name = f"{bus}-{begin:%Y%m%dT%H%M%S}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    events.start_replay(
        ReplayName=name,
        EventSourceArn=events.describe_archive(ArchiveName=archive["ArchiveName"])["ArchiveArn"],
        EventStartTime=begin,
        EventEndTime=end,
        Destination={"Arn": arn},
    )
    return name


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 3:
        raise CannotDo("Say what: make replay STAGE=dev FROM=2026-12-01T18:00:00Z TO=2026-12-01T19:00:00Z")
    name, begin, end = arguments
    print(f"Replay {replay(stage(name), moment(begin), moment(end))} has begun.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
