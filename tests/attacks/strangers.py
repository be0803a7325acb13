"""Ann, who owns things, eve, who wants them, and the routes there are for it."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import requests

from tests.fuzz.targets import Target
from tests.support.templates import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs/openapi.json").read_text())
ROUTES: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if path != "/api/openapi.json"  # a file on S3, behind no function
}
UNSAFE = [route for route in ROUTES if not route.startswith("GET")]
OFFER = {"title": "Marble Arcade", "price": 4860, "quantity": 10}


@dataclass
class Strangers:
    """People by their session tokens; each thing is made anew, for some routes take it away."""

    target: Target
    tokens: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        for name in ("ann", "eve", "maren"):
            self.tokens[name] = self.signed_up(name)

    def signed_up(self, name: str) -> str:
        return self.target.signs_up(f"{name}-{next(self._numbers)}")

    def ticket(self, seller: str = "maren") -> str:
        return self.target.makes("/api/tickets", OFFER, self.tokens[seller])

    def order(self) -> str:
        """A pending order of ann's."""
        return self.target.makes("/api/orders", {"ticketId": self.ticket()}, self.tokens["ann"])

    def payment(self) -> str:
        order = self.order()
        return self.target.makes("/api/payments", {"orderId": order}, self.tokens["ann"])

    def owned(self, route: str) -> str:
        """The id of something of ann's that the route is about."""
        if "/api/tickets" in route:
            return self.ticket("ann")
        return self.payment() if route == "GET /api/payments/{id}" else self.order()

    def body(self, route: str) -> dict[str, Any] | None:
        """A body that the route takes from ann. KeyError for a route that nobody thought of."""
        if "requestBody" not in ROUTES[route]:
            return None
        account = {"email": f"new-{next(self._numbers)}@tiketz.test", "password": "correct horse battery"}
        match route:
            case "POST /api/tickets" | "PUT /api/tickets/{id}":
                return dict(OFFER)
            case "POST /api/orders":
                return {"ticketId": self.ticket()}
            case "POST /api/payments":
                return {"orderId": self.order()}
            case "POST /api/users/signup":
                return account
            case "POST /api/users/signin":
                self.target.ask("POST", "/api/users/signup", account)
                return account
            case "DELETE /api/users/me":
                return {"password": account["password"]}
        raise KeyError(route)

    def send(
        self, route: str, who: str | None, id: str = "", body: Any = None, **headers: str
    ) -> requests.Response:
        method, path = route.split(" ")
        cookie = {"Cookie": f"__Host-session={self.tokens[who]}"} if who else {}
        given = {**cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        url = self.target.url + path.replace("{id}", id)
        return requests.request(method, url, json=body, headers=given, timeout=30)

    def patiently(self, route: str, who: str, id: str = "", body: Any = None) -> requests.Response:
        """As `send`, again while it may yet appear."""
        while (answer := self.send(route, who, id, body)).headers.get("Retry-After"):
            continue
        return answer
