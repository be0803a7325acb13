"""moto's Step Functions, mended: a Wait until a time lasts until that time, wherever this machine stands.

As shipped (5.2.5) moto takes the machine's local time for UTC and drops the fraction of what is left to
wait: a timer goes off up to a second too early, or hours off east or west of Greenwich.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any


@cache
def mend() -> None:
    """Replace the faulty parts of moto, for this process."""
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

    def wait_until(self: Any, env: Any) -> None:
        self.string.eval(env=env)
        text = env.stack.pop()
        until = self._from_timestamp_string(text)
        if until is None:
            raise FailureEventException(self._create_failure_event(env, text))
        while env.is_running() and (left := _seconds_until(until)) > 0:
            env.program_state_event.wait(left)

    Timestamp._eval_body = wait_until


def _seconds_until(time: datetime) -> float:
    return (time.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
