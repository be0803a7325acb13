"""The way from a browser to the doors: the gateway, its authorizer's cache, and the network before them."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock
from tests.support.handlers import http_event

LATENCY = 0.01, 0.12  # seconds, each way
CACHED_SECONDS = 60.0  # the authorizer's answer, by the Cookie header


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What a browser got."""

    status: int
    body: Any
    headers: dict[str, str]
    cookies: list[str]


@dataclass
class HttpGateway:
    """One origin: every request takes time, and may lose its way there or back."""

    functions: dict[str, LambdaFunction]
    clock: VirtualClock
    random: SeededRandom
    injector: FaultInjector
    faults: list[str] = field(default_factory=list)
    _known: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        cause: str,
        cookies: list[str],
        headers: dict[str, str],
    ) -> HttpResponse | None:
        """The reply, or None where none came."""
        kind = self.injector.of_carrying(f"request {cause}", faults.HTTP)
        self.clock.sleep(self.random.between(*LATENCY, f"there {cause}"))
        if kind == "request lost":
            return None
        reply = self.answer(method, path, body, cause, cookies, headers)
        self.clock.sleep(self.random.between(*LATENCY, f"back {cause}"))
        return None if kind == "reply lost" else reply

    def answer(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        cause: str,
        cookies: list[str],
        headers: dict[str, str],
        raw: str | None = None,
    ) -> HttpResponse:
        """What the gateway answers."""
        path, _, query = path.partition("?")
        event = http_event(method, path, body, query=query, headers=headers, cookies=cookies, raw=raw)
        event["requestContext"]["requestId"] = self.random.uuid(f"request {cause}")
        service = {"users": "auth", "health": "auth"}.get(path.split("/")[2], path.split("/")[2])
        try:
            if service != "auth":
                event["requestContext"]["authorizer"] = {"lambda": self._who(cookies, cause)}
            door = "webhook" if path.endswith("/webhook") else "api"
            answer = self.functions[f"{service}.{door}"].invoke(event, cause)
        except InvocationFailed as died:
            if died.faulty and ".authorizer" not in str(died):  # without keys it can't tell who is asking
                self.faults.append(str(died))
            return HttpResponse(500, {"message": "Internal Server Error"}, {}, [])
        text = answer.get("body") or ""
        given = {name.lower(): value for name, value in answer["headers"].items()}
        return HttpResponse(
            answer["statusCode"], json.loads(text) if text else None, given, answer.get("cookies", [])
        )

    def _who(self, cookies: list[str], cause: str) -> dict[str, str]:
        """Whom the authorizer identifies."""
        key = "; ".join(cookies)
        until, who = self._known.get(key, (0.0, {}))
        if until <= self.clock.now:
            event = {"version": "2.0", "headers": {}, "cookies": cookies}
            who = self.functions["auth.authorizer"].invoke(event, cause)["context"]
            self._known[key] = self.clock.now + CACHED_SECONDS, who
        return who
