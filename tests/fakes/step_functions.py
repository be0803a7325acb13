"""Step Functions: executions of the machine in statemachines/, in virtual time."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes import faults
from tests.fakes.aws_errors import AwsError
from tests.fakes.faults import FaultInjector
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

MACHINE = Path(__file__).parents[2] / "statemachines/order_expiration.asl.json"
LATE = 5.0, 120.0  # seconds


@dataclass
class Execution:
    """One run of the machine, known by its name for ever."""

    name: str
    input: str
    stopped: bool = False
    ended: bool = False


class StepFunctions:
    """Plays Wait (TimestampPath) and the events:putEvents task; a machine of other states is refused."""

    def __init__(
        self,
        put: Callable[[Mapping[str, Any]], None],
        clock: VirtualClock,
        random: SeededRandom,
        injector: FaultInjector,
    ) -> None:
        self.executions: dict[str, Execution] = {}
        self._put, self._clock, self._random, self._injector = put, clock, random, injector
        machine = json.loads(MACHINE.read_text())
        states = machine["States"]
        self._wait = states[machine["StartAt"]]
        self._say = states[self._wait["Next"]]
        assert self._wait.keys() == {"Type", "TimestampPath", "Next"}, self._wait
        assert self._say["Resource"] == "arn:aws:states:::events:putEvents"
        assert self._say["End"], self._say

    def answer(self, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """StartExecution and StopExecution of a Standard machine."""
        match operation:
            case "StartExecution":
                return self._start(asked["name"], asked["input"])
            case "StopExecution":
                return self._stop(asked["executionArn"].rpartition(":")[2])
        raise AssertionError(operation)

    def _start(self, name: str, given: str) -> dict[str, Any]:
        known = self.executions.get(name)
        if known and (known.stopped or known.ended or known.input != given):
            raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{name}'")
        if not known:
            self.executions[name] = Execution(name, given)
            self._set(self.executions[name])
        return {"executionArn": f"arn:aws:states:::execution:{name}", "startDate": self._clock.time}

    def _stop(self, name: str) -> dict[str, Any]:
        if name not in self.executions:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{name}'")
        self.executions[name].stopped = True
        return {"stopDate": self._clock.time}

    def _set(self, execution: Execution) -> None:
        told = json.loads(execution.input)
        due = datetime.fromisoformat(told[self._wait["TimestampPath"].removeprefix("$.")]).timestamp()
        occasion = f"timer {execution.name}"
        match self._injector.of_carrying(occasion, faults.TIMER):
            case "lost":
                return
            case "late":
                due += self._random.between(*LATE, occasion)
            case "twice":
                self._clock.at(due + self._random.between(*LATE, occasion), lambda: self._ring(execution))
        self._clock.at(due, lambda: self._ring(execution))

    def _ring(self, execution: Execution) -> None:
        """Say what the machine says, unless it was stopped."""
        if execution.stopped:
            return
        execution.ended = True
        entered = datetime.fromtimestamp(self._clock.now, UTC).isoformat().replace("+00:00", "Z")
        context = {"$$.Execution.Name": execution.name, "$$.State.EnteredTime": entered}
        told = {f"$.{name}": value for name, value in json.loads(execution.input).items()}
        for entry in _filled(self._say["Parameters"]["Entries"], context | told):
            self._put({**entry, "Detail": json.dumps(entry["Detail"])})


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    """Parameters with every `name.$` replaced by what its path leads to."""
    if isinstance(template, list):
        return [_filled(each, values) for each in template]
    if isinstance(template, dict):
        return {
            name.removesuffix(".$"): values[each] if name.endswith(".$") else _filled(each, values)
            for name, each in template.items()
        }
    return template
