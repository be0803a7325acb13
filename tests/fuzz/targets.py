"""What is fuzzed, and what its fuzzer knows: a session, and ids of things that are there."""

import re
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SESSION = "__Host-session"
TRIES = 200
KINDS = {"ticketId": "tickets", "orderId": "orders"}


@dataclass
class Target:
    """Tiketz at `url`; `session` is a token, `known` has ids by what they are of."""

    url: str
    session: str = ""
    known: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: dict[str, Any], session: str = "") -> requests.Response:
        """One request, by whom the session's token says."""
        headers = {"Cookie": f"{SESSION}={session}"} if session else {}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=30)

    def furnish(self, seed: int) -> None:
        """Somebody signs up who sells, orders and pays, and somebody else who sells to them."""
        seller, self.session = (self.signs_up(f"{name}-{seed}") for name in ("maren", "ann"))
        offer = {"title": "Marble Arcade", "price": 4860, "quantity": 10_000}
        theirs = [self.makes("/api/tickets", offer, seller) for _ in range(6)]
        own = [self.makes("/api/tickets", offer, self.session) for _ in range(3)]
        orders = [self.makes("/api/orders", {"ticketId": each}, self.session) for each in theirs]
        for order in orders[:3]:
            self.makes("/api/payments", {"orderId": order}, self.session)
        self.known = {"tickets": theirs + own, "orders": orders, "payments": orders}

    def signs_up(self, name: str) -> str:
        """The token of a new account's session."""
        account = {"email": f"{name}@tiketz.test", "password": "correct horse battery"}
        answer = self.ask("POST", "/api/users/signup", account)
        assert answer.status_code == 201, answer.text
        return answer.headers["Set-Cookie"].partition(f"{SESSION}=")[2].partition(";")[0]

    def makes(self, path: str, body: dict[str, Any], session: str) -> str:
        """The id of what was made; asked for again until everything it takes is known everywhere."""
        for _ in range(TRIES):
            answer = self.ask("POST", path, body, session)
            if answer.status_code == 201:
                return str(answer.json()["id"])
            assert answer.status_code == 404, answer.text
            time.sleep(0.05)
        raise AssertionError(f"{path} answers 404 for ever to {body}")

    # -- what the fuzzer makes up is replaced, half of the time, by what is there ----------------------------

    def in_path(self, path: str, parameters: Any) -> Any:
        """For the id in an address."""
        kind = path.split("/")[2]
        if parameters and "id" in parameters:
            return {**parameters, "id": self._perhaps(parameters["id"], kind)}
        return parameters

    def in_body(self, body: Any) -> Any:
        """For ids in a body."""
        if isinstance(body, dict):
            return {
                name: self._perhaps(value, KINDS[name]) if name in KINDS else value
                for name, value in body.items()
            }
        return body

    def _perhaps(self, made_up: Any, kind: str) -> Any:
        chance = Random(str(made_up))
        if not isinstance(made_up, str) or not ID.fullmatch(made_up) or chance.random() < 0.5:
            return made_up
        return chance.choice(self.known.get(kind) or [made_up])
