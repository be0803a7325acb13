"""Users of a local environment, over HTTP, each with cookies of their own."""

import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from uuid import uuid4

import requests

from tests.factories import PASSWORD

RETRY_SECONDS = (
    30.0  # for a 404 with Retry-After; clients retry for ten, a machine that runs tests may be busy
)

Result = TypeVar("Result")


class User:
    """A user with a browser's cookies who waits `timeout` seconds for a response.

    `signed_up` creates a new account.
    """

    def __init__(self, url: str, *, signed_up: bool = False, timeout: float = 30) -> None:
        self.url, self.timeout = url, timeout
        self.http = requests.Session()
        # Browsers send Secure cookies to http://127.0.0.1; Python's jar does only with this policy.
        self.http.cookies.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.email, self.password = f"{uuid4().hex[:12]}@tiketz.test", PASSWORD
        if signed_up:
            response = self.send("POST", "/api/users/signup", email=self.email, password=self.password)
            assert response.status_code == 201, response.text
            self.id: str = response.json()["id"]

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> requests.Response:
        """One request, its JSON body made of the keyword arguments."""
        content = body if body or method in ("POST", "PUT") else None
        cookies = [f"{each.name}={each.value}" for each in self.http.cookies if path.startswith(each.path)]
        # A request's own copy of the jar has Python's policy, hence the Cookie header.
        all_headers = {**({"Cookie": "; ".join(cookies)} if cookies else {}), **(headers or {})}
        return self.http.request(
            method, self.url + path, json=content, headers=all_headers, timeout=self.timeout
        )

    def send_with_retry(self, method: str, path: str, **body: Any) -> requests.Response:
        """As `send`, again while a 404 or 409 says Retry-After."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            response = self.send(method, path, **body)
            retry = response.status_code in (404, 409) and "Retry-After" in response.headers
            if not retry or time.monotonic() > deadline:
                return response
            time.sleep(0.1)

    def list_ticket(self, **fields: Any) -> dict[str, Any]:
        """Put a ticket up for sale."""
        response = self.send("POST", "/api/tickets", **{"title": "Marble Arcade", "price": 4860, **fields})
        assert response.status_code == 201, response.text
        return dict(response.json())

    def place_order(self, ticket: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Hold a ticket, once the orders service has a copy of it."""
        response = self.send_with_retry("POST", "/api/orders", ticketId=ticket["id"], **fields)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def start_payment(self, order: dict[str, Any]) -> dict[str, Any]:
        """Create the payment of an order, once the payments service has a copy of it."""
        response = self.send_with_retry("POST", "/api/payments", orderId=order["id"])
        assert response.status_code == 201, response.text
        return dict(response.json())

    def confirm_payment(self, payment: dict[str, Any], method: str = "pm_card_visa") -> requests.Response:
        """Confirm a payment at Stripe, as Stripe.js does from the browser."""
        key = requests.get(f"{self.url}/config.json", timeout=30).json()["stripeKey"]
        intent = payment["clientSecret"].partition("_secret_")[0]
        return requests.post(
            f"{self.url}/_local/stripe/v1/payment_intents/{intent}/confirm",
            data={"payment_method": method, "client_secret": payment["clientSecret"], "key": key},
            timeout=30,
        )

    def pay(self, order: dict[str, Any], method: str = "pm_card_visa") -> requests.Response:
        return self.confirm_payment(self.start_payment(order), method)

    def refund_in_dashboard(self, payment: dict[str, Any]) -> None:
        """Refund a payment in Stripe's dashboard."""
        intent = payment["clientSecret"].partition("_secret_")[0]
        response = requests.post(
            f"{self.url}/_local/stripe/dashboard/payment_intents/{intent}/refund", timeout=30
        )
        assert response.status_code == 200, response.text

    def wait_for(self, path: str, **fields: Any) -> dict[str, Any]:
        """The resource, once it has these fields."""
        return eventually(lambda: self._get(path, fields))

    def _get(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        response = self.send("GET", path)
        assert response.status_code == 200, response.text
        resource = dict(response.json())
        assert {name: resource.get(name) for name in fields} == fields
        return resource


def eventually(check: Callable[[], Result], seconds: float = 20.0) -> Result:
    """The result of `check`, repeated until it stops failing. Raises its last AssertionError."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
