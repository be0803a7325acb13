"""People who sell and buy for as long as they are let, whatever becomes of the world meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests

from local.process import EnvironmentProcess
from tests.simulation.people import Placed
from tests.support.users import User

PATIENCE_SECONDS = 60.0  # with a world that is down
UNHEARD_SECONDS = 30.0  # for what the services have not told each other yet: as long as an order is held
CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined")


class GaveUp(Exception):
    """The world does not come back, or the day is over."""


@dataclass
class Market:
    """What everybody shares: the world, the tickets that are for sale, what was promised to whom."""

    world: EnvironmentProcess
    over: threading.Event = field(default_factory=threading.Event)
    tickets: list[tuple[str, str]] = field(default_factory=list)  # id, seller's id
    placed: list[Placed] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    steps: int = 0  # answers, but for those that ask to come again


class Shopper(threading.Thread):
    """One person, with luck of their own."""

    def __init__(self, name: str, market: Market, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._market, self._chance = market, Random(f"{seed} {name}")
        self._person = User(market.world.url)
        self._keys = 0

    def run(self) -> None:
        try:
            self._sign_in("signup")
            while not self._market.over.is_set():
                if self._chance.random() < 0.3 or not self._market.tickets:
                    self._sell()
                else:
                    self._buy()
        except GaveUp:
            return

    # -- what they do ----------------------------------------------------------------------------------------

    def _sell(self) -> None:
        offer = {"title": "Marble Arcade", "price": self._chance.randint(50, 9_000), "quantity": 2}
        answer = self._insist("POST", "/api/tickets", **offer)
        if answer.status_code == 201:
            ticket = answer.json()["id"]
            self._market.tickets.append((ticket, self._person.id))
            if self._chance.random() < 0.3:
                self._insist("PUT", f"/api/tickets/{ticket}", quantity=self._chance.randint(1, 4))

    def _buy(self) -> None:
        ticket, seller = self._chance.choice(self._market.tickets[-20:])
        if seller == self._person.id:
            return
        self._keys += 1
        key = {"Idempotency-Key": f"{self.name}-{self._keys}"}
        answer = self._insist("POST", "/api/orders", headers=key, ticketId=ticket)
        if answer.status_code != 201:
            return
        told = answer.json()
        placed = Placed(told["id"], self._person.id, ticket, told["quantity"], told["total"])
        self._market.placed.append(placed)
        match self._chance.choices(("pays", "extends", "lets go", "forgets"), (14, 3, 2, 1))[0]:
            case "pays":
                self._pay(placed)
            case "extends":
                self._insist("POST", f"/api/orders/{placed.id}/extend")
                self._pay(placed)
            case "lets go":
                self._insist("DELETE", f"/api/orders/{placed.id}")

    def _pay(self, placed: Placed) -> None:
        answer = self._insist("POST", "/api/payments", orderId=placed.id)
        if answer.status_code != 201 or not answer.json().get("clientSecret"):
            return
        self._try(lambda: self._person.confirm_payment(answer.json(), self._chance.choice(CARDS)))

    # -- how they insist -------------------------------------------------------------------------------------

    def _sign_in(self, how: str) -> None:
        account = {"email": self._person.email, "password": self._person.password}
        answer = self._try(lambda: self._person.send("POST", f"/api/users/{how}", **account))
        if answer.status_code == 409:  # it was made, and the answer was lost
            answer = self._try(lambda: self._person.send("POST", "/api/users/signin", **account))
        assert answer.status_code in (200, 201), answer.text
        self._person.id = answer.json()["id"]

    def _insist(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> requests.Response:
        """The answer, asked for again where there is none or where what is asked for may yet appear."""
        heard = time.monotonic() + UNHEARD_SECONDS
        while True:
            answer = self._try(lambda: self._person.send(method, path, headers=headers, **body))
            if answer.status_code == 401:
                self._sign_in("signin")
            elif "Retry-After" not in answer.headers or time.monotonic() > heard:
                return answer
            else:
                time.sleep(0.1)

    def _try(self, ask: Callable[[], requests.Response]) -> requests.Response:
        """Any answer at all. Raises GaveUp."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and not self._market.over.is_set():
            self._person.url = self._market.world.url
            try:
                answer = ask()
            except requests.RequestException:
                time.sleep(0.1)
                continue
            self._market.answers[answer.status_code] += 1
            self._market.steps += "Retry-After" not in answer.headers
            if answer.status_code < 500:
                return answer
            time.sleep(0.3)
        raise GaveUp
