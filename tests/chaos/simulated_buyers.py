"""Simulated buyers: threads that list, order and pay until they are stopped, even while Tiketz is down."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from local.process import EnvironmentProcess
from tests.simulation.users import PlacedOrder
from tests.support.users import User

DOWN_SECONDS = 60.0  # how long a buyer retries while the environment is down
PROPAGATION_SECONDS = 30.0  # how long a buyer retries a 404: as long as an order is held
CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined")


class Stopped(Exception):
    """The environment stays down, or the load is over."""


@dataclass
class Load:
    """What the buyers share: the environment, the tickets for sale and the placed orders."""

    environment: EnvironmentProcess
    over: threading.Event = field(default_factory=threading.Event)
    tickets: list[tuple[str, str]] = field(default_factory=list)  # id, seller's id
    placed: list[PlacedOrder] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    steps: int = 0  # responses without Retry-After


class SimulatedBuyer(threading.Thread):
    """One user with random actions that follow from the seed."""

    def __init__(self, name: str, load: Load, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._load, self._random = load, Random(f"{seed} {name}")
        self._user = User(load.environment.url)
        self._keys = 0

    def run(self) -> None:
        try:
            self._sign_in("signup")
            while not self._load.over.is_set():
                if self._random.random() < 0.3 or not self._load.tickets:
                    self._sell()
                else:
                    self._buy()
        except Stopped:
            return

    # -- actions ---------------------------------------------------------------------------------------------

    def _sell(self) -> None:
        body: dict[str, Any] = {
            "title": "Marble Arcade",
            "price": self._random.randint(50, 9_000),
            "quantity": 2,
        }
        response = self._request("POST", "/api/tickets", **body)
        if response.status_code == 201:
            ticket = response.json()["id"]
            self._load.tickets.append((ticket, self._user.id))
            if self._random.random() < 0.3:
                self._request("PUT", f"/api/tickets/{ticket}", quantity=self._random.randint(1, 4))

    def _buy(self) -> None:
        ticket, seller = self._random.choice(self._load.tickets[-20:])
        if seller == self._user.id:
            return
        self._keys += 1
        key = {"Idempotency-Key": f"{self.name}-{self._keys}"}
        response = self._request("POST", "/api/orders", headers=key, ticketId=ticket)
        if response.status_code != 201:
            return
        order = response.json()
        placed = PlacedOrder(order["id"], self._user.id, ticket, order["quantity"], order["total"])
        self._load.placed.append(placed)
        match self._random.choices(("pays", "extends", "cancels", "leaves"), (14, 3, 2, 1))[0]:
            case "pays":
                self._pay(placed)
            case "extends":
                self._request("POST", f"/api/orders/{placed.id}/extend")
                self._pay(placed)
            case "cancels":
                self._request("DELETE", f"/api/orders/{placed.id}")

    def _pay(self, placed: PlacedOrder) -> None:
        response = self._request("POST", "/api/payments", orderId=placed.id)
        if response.status_code == 201 and response.json().get("clientSecret"):
            self._retry(lambda: self._user.confirm_payment(response.json(), self._random.choice(CARDS)))

    # -- retries ---------------------------------------------------------------------------------------------

    def _sign_in(self, action: str) -> None:
        account: dict[str, Any] = {"email": self._user.email, "password": self._user.password}
        response = self._retry(lambda: self._user.send("POST", f"/api/users/{action}", **account))
        if response.status_code == 409:  # the account was created, and the response was lost
            response = self._retry(lambda: self._user.send("POST", "/api/users/signin", **account))
        assert response.status_code in (200, 201), response.text
        self._user.id = response.json()["id"]

    def _request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> requests.Response:
        """The response, after retries where there is none or where it says Retry-After."""
        deadline = time.monotonic() + PROPAGATION_SECONDS
        while True:
            response = self._retry(lambda: self._user.send(method, path, headers=headers, **body))
            if response.status_code == 401:
                self._sign_in("signin")
            elif "Retry-After" not in response.headers or time.monotonic() > deadline:
                return response
            else:
                time.sleep(0.1)

    def _retry(self, send: Callable[[], requests.Response]) -> requests.Response:
        """The first response below 500. Raises Stopped."""
        deadline = time.monotonic() + DOWN_SECONDS
        while time.monotonic() < deadline and not self._load.over.is_set():
            self._user.url = self._load.environment.url
            try:
                response = send()
            except requests.RequestException:
                time.sleep(0.1)
                continue
            self._load.statuses[response.status_code] += 1
            self._load.steps += "Retry-After" not in response.headers
            if response.status_code < 500:
                return response
            time.sleep(0.3)
        raise Stopped
