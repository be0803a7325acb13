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
    """One execution of the machine. Its name is never used again."""

    name: str
    input: str
    stopped: bool = False
    ended: bool = False


class StepFunctions:
    """Runs Wait (TimestampPath) and the events:putEvents task; refuses a machine of other states."""

    def __init__(
        self,
        put_event: Callable[[Mapping[str, Any]], None],
        clock: VirtualClock,
        random: SeededRandom,
        injector: FaultInjector,
    ) -> None:
        self._executions: dict[str, Execution] = {}
        self._put_event, self._clock, self._random, self._injector = put_event, clock, random, injector
        machine = json.loads(MACHINE.read_text())
        states = machine["States"]
        self._wait = states[machine["StartAt"]]
        self._publish = states[self._wait["Next"]]
        assert self._wait.keys() == {"Type", "TimestampPath", "Next"}, self._wait
        assert self._publish["Resource"] == "arn:aws:states:::events:putEvents"
        assert self._publish["End"], self._publish

    def handle(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """StartExecution and StopExecution of a Standard machine. Raises AwsError."""
        match operation:
            case "StartExecution":
                return self._start(params["name"], params["input"])
            case "StopExecution":
                return self._stop(params["executionArn"].rpartition(":")[2])
        raise AssertionError(operation)

    def _start(self, name: str, machine_input: str) -> dict[str, Any]:
        former = self._executions.get(name)
        if former and (former.stopped or former.ended or former.input != machine_input):
            raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{name}'")
        if not former:
            self._executions[name] = Execution(name, machine_input)
            self._schedule(self._executions[name])
        return {"executionArn": f"arn:aws:states:::execution:{name}", "startDate": self._clock.time}

    def _stop(self, name: str) -> dict[str, Any]:
        if name not in self._executions:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{name}'")
        self._executions[name].stopped = True
        return {"stopDate": self._clock.time}

    def _schedule(self, execution: Execution) -> None:
        """Publish at the time that the input names, later, twice or never."""
        data = json.loads(execution.input)
        due = datetime.fromisoformat(data[self._wait["TimestampPath"].removeprefix("$.")]).timestamp()
        key = f"timer {execution.name}"
        match self._injector.delivery_fault(key, faults.TIMER):
            case "lost":
                return
            case "late":
                due += self._random.between(*LATE, key)
            case "twice":
                self._clock.at(due + self._random.between(*LATE, key), lambda: self._elapse(execution))
        self._clock.at(due, lambda: self._elapse(execution))

    def _elapse(self, execution: Execution) -> None:
        """Publish the machine's event, unless the execution was stopped."""
        if execution.stopped:
            return
        execution.ended = True
        entered = datetime.fromtimestamp(self._clock.now, UTC).isoformat().replace("+00:00", "Z")
        context = {"$$.Execution.Name": execution.name, "$$.State.EnteredTime": entered}
        data = {f"$.{name}": value for name, value in json.loads(execution.input).items()}
        for entry in _filled(self._publish["Parameters"]["Entries"], context | data):
            self._put_event({**entry, "Detail": json.dumps(entry["Detail"])})


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    """Parameters with every `name.$` replaced by the value at its path."""
    if isinstance(template, list):
        return [_filled(each, values) for each in template]
    if isinstance(template, dict):
        return {
            name.removesuffix(".$"): values[each] if name.endswith(".$") else _filled(each, values)
            for name, each in template.items()
        }
    return template
