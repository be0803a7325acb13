"""EventBridge rules with a schedule."""

import threading
import time
from datetime import UTC, datetime
from uuid import uuid4

from local.aws.config import ACCOUNT, REGION, arn
from local.aws.resources import Schedule
from local.aws.runtime import Invoke


class Ticker(threading.Thread):
    """Invokes one function every so many seconds."""

    def __init__(self, schedule: Schedule, invoke: Invoke, stopping: threading.Event) -> None:
        super().__init__(name=f"schedule {schedule.name}", daemon=True)
        self._schedule, self._invoke, self._stopping = schedule, invoke, stopping

    def run(self) -> None:
        """Until the application stops. Ticks that are missed aren't repeated."""
        due = time.monotonic() + self._schedule.seconds
        while not self._stopping.wait(max(0.0, due - time.monotonic())):
            self.tick()
            due += self._schedule.seconds * max(1, -(-(time.monotonic() - due) // self._schedule.seconds))

    def tick(self) -> None:
        """Invoke the function with a scheduled event."""
        self._invoke(
            self._schedule.function,
            {
                "version": "0",
                "id": str(uuid4()),
                "detail-type": "Scheduled Event",
                "source": "aws.events",
                "account": ACCOUNT,
                "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "region": REGION,
                "resources": [arn("events", f"rule/{self._schedule.name}")],
                "detail": {},
            },
        )
