"""The way from a browser to the doors: the gateway, its authorizer's cache, and the network before them."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.world import misfortunes
from tests.simulation.world.agenda import Agenda
from tests.simulation.world.dice import Dice
from tests.simulation.world.functions import Died, Function
from tests.simulation.world.misfortunes import Misfortunes
from tests.support.doors import http_event

LATENCY = 0.01, 0.12  # seconds, each way
CACHED_SECONDS = 60.0  # the authorizer's answer, by the Cookie header


@dataclass(frozen=True, slots=True)
class Reply:
    """What a browser got."""

    status: int
    body: Any
    headers: dict[str, str]
    cookies: list[str]


@dataclass
class Web:
    """One origin: every request takes time, and may lose its way there or back."""

    functions: dict[str, Function]
    agenda: Agenda
    dice: Dice
    misfortunes: Misfortunes
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
    ) -> Reply | None:
        """The reply, or None where none came."""
        kind = self.misfortunes.of_carrying(f"request {cause}", misfortunes.HTTP)
        self.agenda.sleep(self.dice.between(*LATENCY, f"there {cause}"))
        if kind == "request lost":
            return None
        reply = self.answer(method, path, body, cause, cookies, headers)
        self.agenda.sleep(self.dice.between(*LATENCY, f"back {cause}"))
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
    ) -> Reply:
        """What the gateway answers."""
        path, _, query = path.partition("?")
        event = http_event(method, path, body, query=query, headers=headers, cookies=cookies, raw=raw)
        event["requestContext"]["requestId"] = self.dice.uuid(f"request {cause}")
        service = {"users": "auth", "health": "auth"}.get(path.split("/")[2], path.split("/")[2])
        try:
            if service != "auth":
                event["requestContext"]["authorizer"] = {"lambda": self._who(cookies, cause)}
            door = "webhook" if path.endswith("/webhook") else "api"
            answer = self.functions[f"{service}.{door}"].invoke(event, cause)
        except Died as died:
            if died.faulty and ".authorizer" not in str(died):  # without keys it can't tell who is asking
                self.faults.append(str(died))
            return Reply(500, {"message": "Internal Server Error"}, {}, [])
        text = answer.get("body") or ""
        given = {name.lower(): value for name, value in answer["headers"].items()}
        return Reply(
            answer["statusCode"], json.loads(text) if text else None, given, answer.get("cookies", [])
        )

    def _who(self, cookies: list[str], cause: str) -> dict[str, str]:
        """Whom the authorizer identifies."""
        key = "; ".join(cookies)
        until, who = self._known.get(key, (0.0, {}))
        if until <= self.agenda.now:
            event = {"version": "2.0", "headers": {}, "cookies": cookies}
            who = self.functions["auth.authorizer"].invoke(event, cause)["context"]
            self._known[key] = self.agenda.now + CACHED_SECONDS, who
        return who
