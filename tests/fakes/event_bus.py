"""The event bus: what is put on it reaches each inbox whose rule asks for it, late or twice if need be."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

Send = Callable[[str, str, float], None]
"""Put a message of this name and body into an inbox, after some seconds."""

QUICK = 0.02, 0.4  # seconds
LATE = 1.0, 30.0
VERY_LATE = 60.0, 240.0


class EventBus:
    """EventBridge with the rules of the templates. It never forgets an event, nor promises an order."""

    def __init__(self, clock: VirtualClock, random: SeededRandom, injector: FaultInjector) -> None:
        self.on_the_way = 0
        self._clock, self._random, self._injector = clock, random, injector
        self._targets: dict[tuple[str, str], list[tuple[str, Send]]] = {}
        self._put: dict[str, int] = {}

    def subscribe(self, service: str, templates: Mapping[str, Any], sends: Mapping[str, Send]) -> None:
        """Send a service's queues what the rules of its template ask for."""
        for resource in templates["Resources"].values():
            if resource["Type"] == "AWS::Events::Rule":
                pattern = resource["Properties"]["EventPattern"]
                assert pattern.keys() == {"source", "detail-type"}, pattern
                [target] = resource["Properties"]["Targets"]
                send = sends[target["Arn"]["Fn::GetAtt"][0]]
                for source in pattern["source"]:
                    for kind in pattern["detail-type"]:
                        self._targets.setdefault((source, kind), []).append((service, send))

    def answer(self, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """PutEvents; some entries may be refused."""
        assert operation == "PutEvents", operation
        caller = current_invocation.get()
        results: list[dict[str, str]] = []
        for number, entry in enumerate(asked["Entries"]):
            occasion = f"{caller and caller.name} > {caller and caller.calls} entry {number}"
            if self._injector.of_aws(occasion, faults.ENTRY):
                results.append({"ErrorCode": "InternalFailure", "ErrorMessage": "try again"})
            else:
                self.put(entry)
                results.append({"EventId": self._random.uuid(occasion)})
        return {"FailedEntryCount": sum("ErrorCode" in each for each in results), "Entries": results}

    def put(self, entry: Mapping[str, Any]) -> None:
        detail = json.loads(entry["Detail"])
        name = f"{entry['DetailType']} {detail['eventId']}"
        again = self._put[name] = self._put.get(name, 0) + 1
        if again > 1:
            name = f"{name} put {again}"
        body = json.dumps({"detail-type": entry["DetailType"], "source": entry["Source"], "detail": detail})
        for service, send in self._targets.get((entry["Source"], entry["DetailType"]), []):
            for delay in self._delays(f"{name} to {service}"):
                self.on_the_way += 1
                self._clock.after(delay, lambda send=send: self._arrive(send, name, body))

    def _arrive(self, send: Send, name: str, body: str) -> None:
        self.on_the_way -= 1
        send(name, body, 0.0)

    def _delays(self, occasion: str) -> Iterable[float]:
        quick = self._random.between(*QUICK, occasion)
        match self._injector.of_carrying(occasion, faults.BUS):
            case "late":
                return [self._random.between(*LATE, f"late {occasion}")]
            case "very late":
                return [self._random.between(*VERY_LATE, f"very late {occasion}")]
            case "twice":
                return [quick, self._random.between(*LATE, f"twice {occasion}")]
        return [quick]
