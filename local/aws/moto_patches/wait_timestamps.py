"""A Wait state lasts until its timestamp, whatever this machine's time zone.

Upstream: getmoto/moto, moto/stepfunctions/parser/asl/component/state/wait/wait_function/timestamp.py,
`Timestamp._get_wait_seconds` takes the machine's local time for UTC and drops the fraction of a second that
is left: a timer ends up to a second early, or hours off where the machine isn't in UTC.

Executions that wait for the same moment continue in the order in which they started to wait. moto wakes them
all at once, and the first may be served last.
"""

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Any

SPACING = 0.01  # seconds between two that continue: about what one PutEvents takes


class WaitOrder:
    """Positions of those that wait for the same moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[datetime] = Counter()

    def join(self, moment: datetime) -> int:
        """How many were before. Moments that have passed are forgotten."""
        with self._lock:
            for passed in [each for each in self._waiting if _seconds_until(each) <= 0]:
                del self._waiting[passed]
            self._waiting[moment] += 1
            return self._waiting[moment] - 1


def apply() -> None:
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

    order = WaitOrder()

    def wait_until(self: Any, env: Any) -> None:
        self.string.eval(env=env)
        text = env.stack.pop()
        moment = self._from_timestamp_string(text)
        if moment is None:
            raise FailureEventException(self._create_failure_event(env, text))
        position = order.join(moment)
        while env.is_running() and (left := _seconds_until(moment) + position * SPACING) > 0:
            env.program_state_event.wait(left)

    Timestamp._eval_body = wait_until


def _seconds_until(moment: datetime) -> float:
    return (moment.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
