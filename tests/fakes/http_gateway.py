"""API Gateway between browsers and HTTP handlers, with the authorizer's cache and a faulty network."""

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
CACHE_SECONDS = 60.0  # of the authorizer's responses, by the Cookie header
SERVICES = {"users": "auth", "health": "auth"}  # the others are named in the path


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `cause` names it; `raw` is a body that is no JSON of `body`."""

    method: str
    path: str
    cause: str
    body: dict[str, Any] | None = None
    cookies: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response as the browser gets it."""

    status: int
    body: Any
    headers: dict[str, str]
    cookies: list[str]


@dataclass
class HttpGateway:
    """One origin: every request takes time, and may be lost there or back."""

    functions: dict[str, LambdaFunction]
    clock: VirtualClock
    random: SeededRandom
    injector: FaultInjector
    server_errors: list[str] = field(default_factory=list)
    failed_at: list[float] = field(default_factory=list)  # of each response of 500 and above
    _identities: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)

    def send(self, request: HttpRequest) -> HttpResponse | None:
        """The response, or None where none arrives."""
        fault = self.injector.delivery_fault(f"request {request.cause}", faults.HTTP)
        self.clock.sleep(self.random.between(*LATENCY, f"there {request.cause}"))
        if fault == "request lost":
            return None
        response = self.respond(request)
        self.clock.sleep(self.random.between(*LATENCY, f"back {request.cause}"))
        return None if fault == "reply lost" else response

    def respond(self, request: HttpRequest) -> HttpResponse:
        """The gateway's response; 500 where a function fails."""
        response = self._respond(request)
        if response.status >= 500:
            self.failed_at.append(self.clock.now)
        return response

    def _respond(self, request: HttpRequest) -> HttpResponse:
        path, _, query = request.path.partition("?")
        event = http_event(
            request.method,
            path,
            request.body,
            query=query,
            headers=request.headers,
            cookies=request.cookies,
            raw=request.raw,
        )
        event["requestContext"]["requestId"] = self.random.uuid(f"request {request.cause}")
        first_part = path.split("/")[2]
        service = SERVICES.get(first_part, first_part)
        try:
            if service != "auth":
                event["requestContext"]["authorizer"] = {"lambda": self._identify(request)}
            handler = "webhook" if path.endswith("/webhook") else "api"
            response = self.functions[f"{service}.{handler}"].invoke(event, request.cause)
        except InvocationFailed as error:
            if error.raised and ".authorizer" not in str(error):  # it raises where it can't read its keys
                self.server_errors.append(str(error))
            return HttpResponse(500, {"message": "Internal Server Error"}, {}, [])
        text = response.get("body") or ""
        headers = {name.lower(): value for name, value in response["headers"].items()}
        body = json.loads(text) if text else None
        return HttpResponse(response["statusCode"], body, headers, response.get("cookies", []))

    def _identify(self, request: HttpRequest) -> dict[str, str]:
        """The user that the authorizer identifies, if any."""
        key = "; ".join(request.cookies)
        until, identity = self._identities.get(key, (0.0, {}))
        if until <= self.clock.now:
            event = {"version": "2.0", "headers": {}, "cookies": request.cookies}
            identity = self.functions["auth.authorizer"].invoke(event, request.cause)["context"]
            self._identities[key] = self.clock.now + CACHE_SECONDS, identity
        return identity
