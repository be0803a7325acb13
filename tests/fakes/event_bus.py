"""EventBridge: an event reaches each queue whose rule matches, late or twice if need be."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

Send = Callable[[str, str, float], None]
"""Puts a message of this name and body into a queue, after some seconds."""

USUAL = 0.02, 0.4  # seconds
LATE = 1.0, 30.0
VERY_LATE = 60.0, 240.0
REPEATED = {"PaymentAuthorized"}  # by payments, until orders has acted


class EventBus:
    """A bus with the rules of the templates. It loses no event and promises no order."""

    def __init__(self, clock: VirtualClock, random: SeededRandom, injector: FaultInjector) -> None:
        self.in_flight = 0
        self._clock, self._random, self._injector = clock, random, injector
        self._targets: dict[tuple[str, str], list[tuple[str, Send]]] = {}
        self._puts: dict[str, int] = {}
        self._announced: set[str] = set()  # orders

    def subscribe(self, service: str, template: Mapping[str, Any], sends: Mapping[str, Send]) -> None:
        """Send a service's queues the events that the rules of its template match."""
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Events::Rule":
                pattern = resource["Properties"]["EventPattern"]
                assert pattern.keys() == {"source", "detail-type"}, pattern
                [target] = resource["Properties"]["Targets"]
                send = sends[target["Arn"]["Fn::GetAtt"][0]]
                for source in pattern["source"]:
                    for event_type in pattern["detail-type"]:
                        self._targets.setdefault((source, event_type), []).append((service, send))

    def handle(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """PutEvents; some entries may be refused."""
        assert operation == "PutEvents", operation
        caller = current_invocation.get()
        results: list[dict[str, str]] = []
        for number, entry in enumerate(params["Entries"]):
            key = f"{caller and caller.name} > {caller and caller.calls} entry {number}"
            if self._injector.aws_fault(key, faults.ENTRY):
                results.append({"ErrorCode": "InternalFailure", "ErrorMessage": "try again"})
            else:
                self.put(entry)
                results.append({"EventId": self._random.uuid(key)})
        return {"FailedEntryCount": sum("ErrorCode" in each for each in results), "Entries": results}

    def put(self, entry: Mapping[str, Any]) -> None:
        """Publish one entry of PutEvents."""
        detail = json.loads(entry["Detail"])
        name = f"{entry['DetailType']} {detail['eventId']}"
        times = self._puts[name] = self._puts.get(name, 0) + 1
        if times > 1:
            name = f"{name} put {times}"
        if entry["DetailType"] in REPEATED and self._is_lost(detail["data"]["orderId"]):
            return
        body = json.dumps({"detail-type": entry["DetailType"], "source": entry["Source"], "detail": detail})
        for service, send in self._targets.get((entry["Source"], entry["DetailType"]), []):
            for delay in self._delays(f"{name} to {service}"):
                self.in_flight += 1
                self._clock.after(delay, partial(self._deliver, send, name, body))

    def _is_lost(self, order_id: str) -> bool:
        """Whether an event is lost that its publisher repeats: the first one about an order may be."""
        first = order_id not in self._announced
        self._announced.add(order_id)
        return first and self._injector.lost_fault(f"announcement of {order_id}") is not None

    def _deliver(self, send: Send, name: str, body: str) -> None:
        self.in_flight -= 1
        send(name, body, 0.0)

    def _delays(self, key: str) -> list[float]:
        """After how many seconds the event arrives, for each time it does."""
        usual = self._random.between(*USUAL, key)
        match self._injector.delivery_fault(key, faults.BUS):
            case "late":
                return [self._random.between(*LATE, f"late {key}")]
            case "very late":
                return [self._random.between(*VERY_LATE, f"very late {key}")]
            case "twice":
                return [usual, self._random.between(*LATE, f"twice {key}")]
        return [usual]
