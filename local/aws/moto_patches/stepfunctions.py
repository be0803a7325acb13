"""moto's Step Functions, mended: a Wait until a time lasts until that time, wherever this machine stands.

As shipped (5.2.5) moto takes the machine's local time for UTC and drops the fraction of what is left to
wait: a timer goes off up to a second too early, or hours off east or west of Greenwich. And those that wait
for the same moment go on in the order in which they came: all at once, the first would often be the last.
"""

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Any

PACE = 0.01  # seconds from one that goes on to the next: about what it takes to tell the bus of one


def apply() -> None:
    """Replace the faulty parts of moto, for this process."""
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

    line = Line()

    def wait_until(self: Any, env: Any) -> None:
        self.string.eval(env=env)
        text = env.stack.pop()
        until = self._from_timestamp_string(text)
        if until is None:
            raise FailureEventException(self._create_failure_event(env, text))
        place = line.join(until)
        while env.is_running() and (left := _seconds_until(until) + place * PACE) > 0:
            env.program_state_event.wait(left)

    Timestamp._eval_body = wait_until


def _seconds_until(time: datetime) -> float:
    return (time.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()


class Line:
    """Who waits for the same moment, in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[datetime] = Counter()

    def join(self, moment: datetime) -> int:
        """How many came before. Moments that have passed are forgotten."""
        with self._lock:
            for passed in [each for each in self._waiting if _seconds_until(each) <= 0]:
                del self._waiting[passed]
            self._waiting[moment] += 1
            return self._waiting[moment] - 1
