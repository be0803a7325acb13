"""People who use a running world over HTTP, each with cookies of their own."""

import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from uuid import uuid4

import requests

PATIENCE_SECONDS = 30.0  # clients retry what may yet appear for ten; a machine that runs tests may be busy

Found = TypeVar("Found")


class User:
    """Somebody with a browser's cookies, who waits `timeout` seconds for an answer.

    `signed_up` makes a new account, else they are a visitor.
    """

    def __init__(self, url: str, *, signed_up: bool = False, timeout: float = 30) -> None:
        self.url, self.timeout = url, timeout
        self.http = requests.Session()
        # Browsers keep Secure cookies on http://127.0.0.1; Python's jar must be told to.
        self.http.cookies.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.email, self.password = f"{uuid4().hex[:12]}@tiketz.test", "correct horse battery"
        if signed_up:
            answer = self.send("POST", "/api/users/signup", email=self.email, password=self.password)
            assert answer.status_code == 201, answer.text
            self.id: str = answer.json()["id"]

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> requests.Response:
        """One request, its JSON body made of the keyword arguments."""
        sent = body if body or method in ("POST", "PUT") else None
        cookies = [f"{each.name}={each.value}" for each in self.http.cookies if path.startswith(each.path)]
        # A request's own copy of the jar has Python's policy again, hence the header by hand.
        given = {**({"Cookie": "; ".join(cookies)} if cookies else {}), **(headers or {})}
        return self.http.request(method, self.url + path, json=sent, headers=given, timeout=self.timeout)

    def send_with_retry(self, method: str, path: str, **body: Any) -> requests.Response:
        """As `send`, again while a 404 says that it may yet appear."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.send(method, path, **body)
            if (
                answer.status_code != 404
                or "Retry-After" not in answer.headers
                or time.monotonic() > deadline
            ):
                return answer
            time.sleep(0.1)

    def list_ticket(self, **fields: Any) -> dict[str, Any]:
        """Put a ticket up for sale."""
        answer = self.send("POST", "/api/tickets", **{"title": "Marble Arcade", "price": 4860, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def place_order(self, ticket: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Hold a ticket, which orders may not have heard of yet."""
        answer = self.send_with_retry("POST", "/api/orders", ticketId=ticket["id"], **fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def start_payment(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = self.send_with_retry("POST", "/api/payments", orderId=order["id"])
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def confirm_payment(self, payment: dict[str, Any], method: str = "pm_card_visa") -> requests.Response:
        """Say yes to Stripe, as Stripe.js would from the browser."""
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
        """Somebody gives the money back in Stripe's dashboard."""
        intent = payment["clientSecret"].partition("_secret_")[0]
        answer = requests.post(
            f"{self.url}/_local/stripe/dashboard/payment_intents/{intent}/refund", timeout=30
        )
        assert answer.status_code == 200, answer.text

    def wait_for(self, path: str, **fields: Any) -> dict[str, Any]:
        """Look again until the thing has these fields."""
        return eventually(lambda: self._fits(path, fields))

    def _fits(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        thing = dict(answer.json())
        assert {name: thing.get(name) for name in fields} == fields
        return thing


def eventually(look: Callable[[], Found], seconds: float = 20.0) -> Found:
    """What `look` finds, asked again until it stops failing. Raises its last AssertionError."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return look()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
