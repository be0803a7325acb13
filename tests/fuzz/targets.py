"""The target of a fuzzing run: its address, a session, and ids of rows that exist."""

import re
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from tests.factories import account_body

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SESSION = "__Host-session"
ATTEMPTS = 200
COLLECTIONS = {"ticketId": "tickets", "orderId": "orders"}


@dataclass
class Target:
    """Tiketz at `url`; `session` is a token, `known` has ids by collection."""

    url: str
    session: str = ""
    known: dict[str, list[str]] = field(default_factory=dict)

    def request(self, method: str, path: str, body: dict[str, Any], session: str = "") -> requests.Response:
        """One request with a session."""
        headers = {"Cookie": f"{SESSION}={session}"} if session else {}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=30)

    def seed_data(self, seed: int) -> None:
        """Sign up a user who sells, orders and pays, and another one who sells to them."""
        seller, self.session = (self.sign_up(f"{name}-{seed}") for name in ("maren", "ann"))
        body = {"title": "Marble Arcade", "price": 4860, "quantity": 10_000}
        bought = [self.create("/api/tickets", body, seller) for _ in range(6)]
        own = [self.create("/api/tickets", body, self.session) for _ in range(3)]
        orders = [self.create("/api/orders", {"ticketId": each}, self.session) for each in bought]
        for order in orders[:3]:
            self.create("/api/payments", {"orderId": order}, self.session)
        self.known = {"tickets": bought + own, "orders": orders, "payments": orders}

    def sign_up(self, name: str) -> str:
        """The token of a new account's session."""
        response = self.request("POST", "/api/users/signup", account_body(name))
        assert response.status_code == 201, response.text
        return response.headers["Set-Cookie"].partition(f"{SESSION}=")[2].partition(";")[0]

    def create(self, path: str, body: dict[str, Any], session: str) -> str:
        """The id of what was created; retried until every service has a copy of what it refers to."""
        for _ in range(ATTEMPTS):
            response = self.request("POST", path, body, session)
            if response.status_code == 201:
                return str(response.json()["id"])
            assert response.status_code == 404, response.text
            time.sleep(0.05)
        raise AssertionError(f"{path} keeps responding 404 to {body}")

    # -- half of the generated ids are replaced by ids that exist --------------------------------------------

    def with_known_id(self, path: str, parameters: Any) -> Any:
        """The path parameters of a request."""
        collection = path.split("/")[2]
        if parameters and "id" in parameters:
            return {**parameters, "id": self._known_or(parameters["id"], collection)}
        return parameters

    def with_known_ids(self, body: Any) -> Any:
        """The body of a request."""
        if isinstance(body, dict):
            return {
                name: self._known_or(value, COLLECTIONS[name]) if name in COLLECTIONS else value
                for name, value in body.items()
            }
        return body

    def _known_or(self, generated: Any, collection: str) -> Any:
        random = Random(str(generated))
        if not isinstance(generated, str) or not ID.fullmatch(generated) or random.random() < 0.5:
            return generated
        return random.choice(self.known.get(collection) or [generated])
