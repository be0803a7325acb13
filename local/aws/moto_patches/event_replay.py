"""A replay sends the archived events of the requested time alone.

Upstream: getmoto/moto, moto/events/models.py, `Replay.replay_events` sends everything that the archive holds,
whatever EventStartTime and EventEndTime say.
"""

import copy
from typing import Any


def apply() -> None:
    from moto.events.models import Replay

    replay_events = Replay.replay_events

    def replay_window(self: Any, archive: Any) -> None:
        window = copy.copy(archive)
        begin, end = self.event_start_time, self.event_end_time  # seconds, as an event's time is here
        window.events = [each for each in archive.events if begin <= each["time"] <= end]
        replay_events(self, window)

    Replay.replay_events = replay_window
