"""The user ann, who owns things, the user eve, who wants them, and the documented routes."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import requests

from tests.factories import account_body
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
LISTING = {"title": "Marble Arcade", "price": 4860, "quantity": 10}


TOKEN = f"{'0' * 36}.{'A' * 43}"  # of no request


@dataclass
class Users:
    """Users by their session tokens. Each thing is created anew, because some routes delete it."""

    target: Target
    tokens: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        for name in ("ann", "eve", "maren"):
            self.tokens[name] = self.sign_up(name)

    def sign_up(self, name: str) -> str:
        return self.target.sign_up(f"{name}-{next(self._numbers)}")

    def ticket(self, seller: str = "maren") -> str:
        return self.target.create("/api/tickets", LISTING, self.tokens[seller])

    def order(self) -> str:
        """A pending order of ann's."""
        return self.target.create("/api/orders", {"ticketId": self.ticket()}, self.tokens["ann"])

    def payment(self) -> str:
        order = self.order()
        return self.target.create("/api/payments", {"orderId": order}, self.tokens["ann"])

    def owned(self, route: str) -> str:
        """The id of something of ann's for a route with an id, else nothing."""
        if "{id}" not in route:
            return ""
        if "/api/tickets" in route:
            return self.ticket("ann")
        return self.payment() if route == "GET /api/payments/{id}" else self.order()

    def body(self, route: str) -> dict[str, Any] | None:
        """A valid body of ann's. Raises KeyError for a route without one here."""
        if "requestBody" not in ROUTES[route]:
            return None
        account = account_body(f"new-{next(self._numbers)}")
        match route:
            case "POST /api/tickets" | "PUT /api/tickets/{id}":
                return dict(LISTING)
            case "POST /api/orders":
                return {"ticketId": self.ticket()}
            case "POST /api/payments":
                return {"orderId": self.order()}
            case "POST /api/users/signup":
                return account
            case "POST /api/users/signin":
                self.target.request("POST", "/api/users/signup", account)
                return account
            case "DELETE /api/users/me":
                return {"password": account["password"]}
        return _account_body(route, account)

    def send(
        self, route: str, user: str | None, resource_id: str = "", body: Any = None, **headers: str
    ) -> requests.Response:
        method, path = route.split(" ")
        cookie = {"Cookie": f"__Host-session={self.tokens[user]}"} if user else {}
        all_headers = {**cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        url = self.target.url + path.replace("{id}", resource_id)
        return requests.request(method, url, json=body, headers=all_headers, timeout=30)

    def send_with_retry(
        self, route: str, user: str, resource_id: str = "", body: Any = None
    ) -> requests.Response:
        """As `send`, again while the response says Retry-After."""
        while (response := self.send(route, user, resource_id, body)).headers.get("Retry-After"):
            continue
        return response


def _account_body(route: str, account: dict[str, str]) -> dict[str, Any]:
    """A valid body for a route that changes an account."""
    email, password, token = {"email": account["email"]}, {"password": account["password"]}, {"token": TOKEN}
    return {
        "POST /api/users/forgot": email,
        "POST /api/users/verify": token,
        "POST /api/users/reset": token | password,
        "PUT /api/users/me/password": password | {"newPassword": "another horse battery"},
        "PUT /api/users/me/email": email | password,
        "POST /api/users/me/email/confirm": token,
    }[route]
