"""EventBridge schedules: rules that tick."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from local.aws.config import ACCOUNT, REGION
from local.aws.runtime import InvocationResult
from local.aws.stack import Schedule
from local.aws.template import arn


class Ticker(threading.Thread):
    """Invokes one function every so many seconds."""

    def __init__(
        self,
        schedule: Schedule,
        invoke: Callable[[str, Mapping[str, Any]], InvocationResult],
        stopped: threading.Event,
    ) -> None:
        super().__init__(name=f"schedule {schedule.name}", daemon=True)
        self._schedule, self._invoke, self._stopped = schedule, invoke, stopped

    def run(self) -> None:
        """Until the world stops. A tick that falls behind is not made up for."""
        due = time.monotonic() + self._schedule.seconds
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            self.tick()
            due += self._schedule.seconds * max(1, -(-(time.monotonic() - due) // self._schedule.seconds))

    def tick(self) -> None:
        """One scheduled event, now."""
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
