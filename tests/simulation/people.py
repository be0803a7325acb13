"""People with browsers: they try again as people do, and know what they were answered."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.application import SimulatedApplication
from tests.fakes.http_gateway import HttpResponse
from tests.simulation.steps import Step

TRIES = 12
PATIENCE_SECONDS = 10.0  # for what may yet appear
GIVES_UP = 0.12  # of those who got no answer, each time
PASSWORD = "correct horse battery"


@dataclass
class Placed:
    """An order as its buyer was told of it."""

    id: str
    buyer: str
    ticket: str
    quantity: int
    total: int
    secret: str | None = None


@dataclass
class Crowd:
    """Everybody, and what the steps so far have made."""

    world: SimulatedApplication
    people: dict[str, "Person"] = field(default_factory=dict)
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    orders: dict[int, Placed] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)  # orders whose intent somebody changed in the dashboard
    surprises: list[str] = field(default_factory=list)

    def person(self, name: str) -> "Person":
        return self.people.setdefault(name, Person(name, self))

    def intent_of(self, order_id: str) -> dict[str, Any] | None:
        """What Stripe has for an order, the first of it."""
        intents = self.world.stripe.machine.ledger.rows["payment_intent"].values()
        return next((each for each in intents if each["metadata"].get("orderId") == order_id), None)


@dataclass
class Person:
    """Somebody with a browser that keeps cookies."""

    name: str
    crowd: Crowd
    id: str = ""
    asked_at: float = 0.0
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> dict[str, str]:
        return {"email": f"{self.name}@tiketz.test", "password": PASSWORD}

    def ask(
        self,
        step: Step,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse | None:
        """The answer to one wish, tried again for as long as it may help; None where they give up."""
        world = self.crowd.world
        deadline = world.clock.now + PATIENCE_SECONDS
        for attempt in range(TRIES):
            cause = f"{step.name} {method} {attempt}" if attempt else f"{step.name} {method}"
            reply = self.send(cause, method, path, body, headers)
            if reply is not None and reply.status == 401 and path != "/api/users/signin":
                self._come_back(cause)
            elif reply is not None and reply.status < 500:
                if "retry-after" not in reply.headers or world.clock.now > deadline:
                    return reply
            elif world.random.roll(f"patience {cause}") < GIVES_UP:
                return None
            world.clock.sleep(world.random.between(0.3, 2.0, f"rest {cause}"))
        return None

    def send(
        self,
        cause: str,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse | None:
        """One request, with the cookies that the browser has."""
        self.asked_at = self.crowd.world.clock.now
        cookies = [f"{name}={value}" for name, value in self.cookies.items()]
        given = {"sec-fetch-site": "same-origin", **(headers or {})}
        reply = self.crowd.world.web.send(method, path, body, cause, cookies, given)
        for cookie in reply.cookies if reply else ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return reply

    def _come_back(self, cause: str) -> None:
        """The session is over: refresh it, or sign in again."""
        reply = self.send(f"{cause} refresh", "POST", "/api/users/refresh", None)
        if reply is not None and reply.status == 401:
            reply = self.send(f"{cause} signin", "POST", "/api/users/signin", self.account)
        if reply is not None and reply.status == 200:
            self.id = reply.body["id"]
