"""A local world in which everything that AWS would bill is counted."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.meter import Meter
from local.aws.engines import Engine
from local.aws.runtime import InvocationResult
from local.console import Console
from local.environment import LocalEnvironment
from local.settings import Settings

UNCOUNTED = "/Sweeper"  # ticks each minute whether somebody buys or not: a fixed cost
QUIET_SECONDS = 3.0


class CountedWorld(LocalEnvironment):
    """Counts from `begin` to `counted`."""

    timer_delay = 0  # seconds

    def __init__(self, chosen: Settings, console: Console) -> None:
        super().__init__(chosen, console)
        self.invocations: Counter[str] = Counter()
        self._messages: Counter[str] = Counter()
        self._log_bytes = 0
        self._counting = threading.Lock()
        self._busy_at = time.monotonic()
        self._happened = 0
        write, tell = console.log, self.feed.add

        def log(function: str, line: str) -> None:
            if not function.endswith(UNCOUNTED):
                with self._counting:
                    self._log_bytes += len(line.encode()) + 26  # what CloudWatch adds to each event
            write(function, line)

        def heard(source: str, name: str, detail: dict[str, Any]) -> None:
            self._happened += 1
            tell(source, name, detail)

        console.log = log  # type: ignore[method-assign]
        self.feed.add = heard  # type: ignore[method-assign]

    def _engine(self) -> Engine:
        engine = super()._engine()
        assert engine.endpoint, "capacity is counted on DynamoDB Local"
        _wait_for(urlsplit(engine.endpoint).port)
        self.meter = Meter(engine.endpoint)
        engine.endpoint = self.meter.url
        return engine

    def _parameters(self) -> dict[str, str]:
        return {**super()._parameters(), "TimerDelaySeconds": str(self.timer_delay)}

    def stop(self) -> None:
        super().stop()
        self.meter.close()

    def invoke(self, function: str, event: Mapping[str, Any]) -> InvocationResult:
        name = self._names.get(function, function)
        if not name.endswith(UNCOUNTED):
            with self._counting:
                self._busy_at = time.monotonic()
                self.invocations[name] += 1
                if name.endswith("/Consumer"):
                    self._messages["messages"] += len(event["Records"])
                    self._messages["batches"] += 1
        try:
            return super().invoke(function, event)
        finally:
            if not name.endswith(UNCOUNTED):
                self._busy_at = time.monotonic()

    def settle(self, seconds: float = 0.0) -> None:
        """Returns when nothing has happened for a while, after so many seconds at least."""
        time.sleep(seconds)
        while time.monotonic() - self._busy_at < QUIET_SECONDS:
            time.sleep(0.1)

    def begin(self) -> None:
        """Forget what was counted."""
        self.settle()
        with self._counting:
            self.invocations.clear()
            self._messages.clear()
            self._log_bytes = 0
        self.meter.units.clear()
        self._happened = 0
        self._transitions_before = self._transitions()

    def counted(self) -> Counter[str]:
        """What happened since `begin`, by the items of prices.toml; times are not among them."""
        self.settle()
        sweeping = {key for name, key in self._access.items() if name.endswith(UNCOUNTED)}
        found: Counter[str] = Counter()
        for (key, kind), units in self.meter.units.items():
            if key not in sweeping:
                found[kind] += units
        # Through CloudFront comes what browsers ask: all but Stripe's webhooks.
        api = sum(n for name, n in self.invocations.items() if name.endswith("/Api"))
        webhooks = sum(n for name, n in self.invocations.items() if name.endswith("/Webhook"))
        # EventBridge sends one message to each queue; Lambda receives and deletes it in batches.
        queue_requests = self._messages["messages"] + 2 * self._messages["batches"]
        return found + Counter(
            api_request=api + webhooks,
            cdn_request=api,
            invocation=sum(self.invocations.values()),
            event=self._happened,
            queue_request=queue_requests,
            transition=self._transitions() - self._transitions_before,
            log_byte=self._log_bytes,
        )

    def by_function(self) -> list[tuple[str, int, float, float]]:
        """Of what `counted` told, each function's share: invocations, write units and read units."""
        units, key = self.meter.units, self._access
        return [
            (name, count, units[key[name], "write_unit"], units[key[name], "read_unit"])
            for name, count in sorted(self.invocations.items())
        ]

    def _transitions(self) -> int:
        """Starts and entered states of all executions so far."""
        states = self.moto.client("stepfunctions")
        total = 0
        for machine in states.list_state_machines()["stateMachines"]:
            for each in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
                events = states.get_execution_history(executionArn=each["executionArn"], maxResults=1000)
                kinds = [event["type"] for event in events["events"]]
                total += sum(kind.endswith("StateEntered") for kind in kinds)
        return total


def world(root: Path, data: Path, hold_seconds: int, timer_delay: int) -> CountedWorld:
    """One on DynamoDB Local, not started yet."""
    chosen = Settings(
        port=0, data=data, root=root, engine="local", hold_seconds=hold_seconds, fresh=False, demo=False
    )
    made = CountedWorld(chosen, Console(data / "logs", (data / "console.txt").open("w")))
    made.timer_delay = timer_delay
    return made


def _wait_for(port: int | None) -> None:
    """Until somebody listens."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def durations(results: Path) -> dict[str, tuple[float, int]]:
    """Of each function's warm request as `make bench` found it: CPU milliseconds and AWS calls."""
    measured = json.loads(results.read_text())["functions"]
    return {each["name"]: (each["warm_ms"], each["calls"]) for each in measured}
