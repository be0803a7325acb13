"""A local environment in which everything that AWS would bill is counted."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.meter import Meter
from local import environment
from local.aws.resources import Service
from local.aws.runtime import InvocationResult, Invoke
from local.aws.template import resources
from local.console import Console
from local.settings import Settings

UNCOUNTED = "/Sweeper"  # a fixed cost: invoked each minute, with or without purchases
LOG_EVENT_BYTES = 26  # that CloudWatch adds to each log event
QUIET_SECONDS = 3.0


class CountedEnvironment:
    """A local environment on DynamoDB Local. Counts from `begin` to `counted`."""

    def __init__(self, data: Path, hold_seconds: int, timer_delay: int) -> None:
        """Raises CannotStart. `hold_seconds`, `timer_delay`: the templates' parameters."""
        self.invocations: Counter[str] = Counter()
        self.access_log_bytes = 0
        self._access_logs: Mapping[str, str] = {}
        self._messages: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._busy_at = time.monotonic()
        self._meters: list[Meter] = []
        self._console = _CountingConsole(data)
        settings = Settings(
            port=0, data=data, engine="local", hold_seconds=hold_seconds, fresh=False, demo=False
        )
        self._environment = environment.start(
            settings,
            self._console,
            parameters={"TimerDelaySeconds": str(timer_delay)},
            wrap_invoke=self._count_invocations,
            dynamodb_proxy=self._proxy,
        )
        self.url = self._environment.url
        self.services = self._environment.application.services
        self._transitions_before = 0
        self._access_logs = _access_log_formats(self.services)

    def stop(self) -> None:
        self._environment.stop()
        self._meter.close()

    def settle(self, seconds: float = 0.0) -> None:
        """Wait until no function was invoked for a while, at least so many seconds."""
        time.sleep(seconds)
        while time.monotonic() - self._busy_at < QUIET_SECONDS:
            time.sleep(0.1)

    def begin(self) -> None:
        """Reset all counters."""
        self.settle()
        with self._counting:
            self.invocations.clear()
            self._messages.clear()
            self.access_log_bytes = 0
        self._console.clear()
        self._meter.units.clear()
        self._transitions_before = self._transitions()

    def counted(self) -> Counter[str]:
        """What happened since `begin`, by the items of prices.toml; times are not among them."""
        self.settle()
        access_keys = self._environment.application.access_keys
        sweeping = {key for name, key in access_keys.items() if name.endswith(UNCOUNTED)}
        units: Counter[str] = Counter()
        for (key, kind), count in self._meter.units.items():
            if key not in sweeping:
                units[kind] += count
        # Browsers' requests come through CloudFront: all but Stripe's webhooks.
        api = sum(n for name, n in self.invocations.items() if name.endswith("/Api"))
        webhooks = sum(n for name, n in self.invocations.items() if name.endswith("/Webhook"))
        # EventBridge sends one message to each queue; Lambda receives and deletes it in batches.
        queue_requests = self._messages["messages"] + 2 * self._messages["batches"]
        return units + Counter(
            api_request=api + webhooks,
            cdn_request=api,
            invocation=sum(self.invocations.values()),
            event=self._console.events,
            queue_request=queue_requests,
            transition=self._transitions() - self._transitions_before,
            log_byte=self._console.log_bytes,
            access_log_byte=self.access_log_bytes,
        )

    def by_function(self) -> list[tuple[str, int, float, float]]:
        """Each function's share of `counted`: invocations, write units and read units."""
        units, key = self._meter.units, self._environment.application.access_keys
        return [
            (name, count, units[key[name], "write_unit"], units[key[name], "read_unit"])
            for name, count in sorted(self.invocations.items())
        ]

    @property
    def _meter(self) -> Meter:
        return self._meters[0]

    def _proxy(self, url: str) -> str:
        self._meters.append(Meter(url))
        return self._meter.url

    def _count_invocations(self, invoke: Invoke) -> Invoke:
        def counting(name: str, event: Mapping[str, Any]) -> InvocationResult:
            if name.endswith(UNCOUNTED):
                return invoke(name, event)
            with self._counting:
                self._busy_at = time.monotonic()
                self.invocations[name] += 1
                if "routeKey" in event and name in self._access_logs:
                    line = access_log_line(self._access_logs[name], event)
                    self.access_log_bytes += len(line) + LOG_EVENT_BYTES
                if name.endswith("/Consumer"):
                    self._messages["messages"] += len(event["Records"])
                    self._messages["batches"] += 1
            try:
                return invoke(name, event)
            finally:
                self._busy_at = time.monotonic()

        return counting

    def _transitions(self) -> int:
        """Starts and entered states of all executions so far."""
        states = self._environment.account.client("stepfunctions")
        total = 0
        for machine in states.list_state_machines()["stateMachines"]:
            for each in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
                events = states.get_execution_history(executionArn=each["executionArn"], maxResults=1000)
                kinds = [event["type"] for event in events["events"]]
                total += sum(kind.endswith("StateEntered") for kind in kinds)
        return total


def access_log_line(line: str, event: Mapping[str, Any]) -> str:
    """The gateway's log line of a successful request, in a format of AccessLogSettings."""
    values = {
        "requestId": "JKJaXmPLvHcESHA=",  # of AWS's length
        "routeKey": event["routeKey"],
        "status": "200",
        "responseLatency": "100",
        "error.responseType": "-",
    }
    return re.sub(r"\$context\.([\w.]+)", lambda match: values[match[1]], line)


def _access_log_formats(services: Mapping[str, Service]) -> dict[str, str]:
    """The access log's format by the names of the functions behind an API."""
    formats: dict[str, str] = {}
    for service in services.values():
        for resource in resources(service.template).values():
            if resource["Type"] == "AWS::ApiGatewayV2::Stage":
                line = resource["Properties"]["AccessLogSettings"]["Format"]
                formats |= {name: line for name in service.functions if name.endswith(("/Api", "/Webhook"))}
    return formats


class _CountingConsole(Console):
    """Writes into the data folder, and counts events and bytes of logs."""

    def __init__(self, data: Path) -> None:
        super().__init__(data / "logs", (data / "console.txt").open("w"))
        self._counting = threading.Lock()
        self.events, self.log_bytes = 0, 0

    def clear(self) -> None:
        with self._counting:
            self.events, self.log_bytes = 0, 0

    def event(self, service: str, name: str, summary: str) -> None:
        with self._counting:
            self.events += 1
        super().event(service, name, summary)

    def log(self, function: str, line: str) -> None:
        if not function.endswith(UNCOUNTED):
            with self._counting:
                self.log_bytes += len(line.encode()) + LOG_EVENT_BYTES
        super().log(function, line)


def durations(results: Path) -> dict[str, tuple[float, int]]:
    """Each function's warm request as `make bench` measured it: CPU milliseconds and AWS calls."""
    measured = json.loads(results.read_text())["functions"]
    return {each["name"]: (each["warm_ms"], each["calls"]) for each in measured}
