"""Simulated users with browsers: they retry as human users do, and remember the responses they got."""

from dataclasses import dataclass, field
from typing import Any

from tests.factories import account_body
from tests.fakes.application import SimulatedApplication
from tests.fakes.http_gateway import HttpRequest, HttpResponse
from tests.simulation.steps import Step

ATTEMPTS = 12
RETRY_SECONDS = 10.0  # for a 404 with Retry-After
GIVES_UP = 0.12  # the share of users who stop after a request without a response, each time


@dataclass
class PlacedOrder:
    """An order as in the response to its buyer."""

    id: str
    buyer: str
    ticket: str
    quantity: int
    total: int
    client_secret: str | None = None


@dataclass
class Population:
    """All users of an application, and the results of the steps so far."""

    app: SimulatedApplication
    users: dict[str, "SimulatedUser"] = field(default_factory=dict)
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    orders: dict[int, PlacedOrder] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)  # tickets, by the buyer's key
    authorised: dict[str, float] = field(default_factory=dict)  # when each order's money was, by its id
    changed_in_dashboard: set[str] = field(default_factory=set)  # ids of orders
    unexpected_responses: list[str] = field(default_factory=list)

    def user(self, name: str) -> "SimulatedUser":
        return self.users.setdefault(name, SimulatedUser(name, self))

    def intent_of(self, order_id: str) -> dict[str, Any] | None:
        """The first intent that Stripe has for an order."""
        intents = self.app.stripe.machine.ledger.rows["payment_intent"].values()
        return next((each for each in intents if each["metadata"].get("orderId") == order_id), None)


@dataclass
class SimulatedUser:
    """A user with a browser that stores cookies."""

    name: str
    population: Population
    id: str = ""
    sent_at: float = 0.0  # when the last request was sent
    cookies: dict[str, str] = field(default_factory=dict)
    email: str = ""  # where it is not the first one any more

    @property
    def account(self) -> dict[str, str]:
        first = account_body(self.name)
        return {**first, "email": self.email or first["email"]}

    def request(
        self,
        step: Step,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse | None:
        """The response, after retries for as long as they may help; None where the user gives up."""
        app = self.population.app
        deadline = app.clock.now + RETRY_SECONDS
        for attempt in range(ATTEMPTS):
            cause = f"{step.name} {method} {attempt}" if attempt else f"{step.name} {method}"
            response = self.send(cause, method, path, body, headers)
            if response is not None and response.status == 401 and path != "/api/users/signin":
                self._renew_session(cause)
            elif response is not None and response.status < 500:
                if "retry-after" not in response.headers or app.clock.now > deadline:
                    return response
            elif app.random.fraction(f"patience {cause}") < GIVES_UP:
                return None
            app.clock.sleep(app.random.between(0.3, 2.0, f"rest {cause}"))
        return None

    def send(
        self,
        cause: str,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse | None:
        """One request with the browser's cookies."""
        self.sent_at = self.population.app.clock.now
        cookies = [f"{name}={value}" for name, value in self.cookies.items()]
        all_headers = {"sec-fetch-site": "same-origin", **(headers or {})}
        response = self.population.app.http.send(HttpRequest(method, path, cause, body, cookies, all_headers))
        for cookie in response.cookies if response else ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return response

    def _renew_session(self, cause: str) -> None:
        """Refresh the session, or sign in again."""
        response = self.send(f"{cause} refresh", "POST", "/api/users/refresh", None)
        if response is not None and response.status == 401:
            response = self.send(f"{cause} signin", "POST", "/api/users/signin", self.account)
        if response is not None and response.status == 200:
            self.id = response.body["id"]
