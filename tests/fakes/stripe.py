"""Stripe: the stand-in's state machine in virtual time, its network, and the webhooks that it sends."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from payments.stripe_events import WEBHOOK_EVENTS

from local.stripe.errors import ApiError
from local.stripe.faults import Fault
from local.stripe.in_process import BASE, InProcess
from local.stripe.machine import Stripe
from local.stripe.webhooks import Delivery
from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.outages import Outage
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_simulated", "pk_test_simulated", "whsec_simulated"
LATENCY = 0.02, 0.25  # seconds, each way
SLOW = 1.0, 9.0
WEBHOOK_USUAL, WEBHOOK_LATE = (0.05, 0.8), (2.0, 150.0)
ENABLED_EVENTS = {*WEBHOOK_EVENTS, "payment_intent.payment_failed"}

SOON = ("fail", "succeed")  # what becomes of a refund, seconds later

Send = Callable[[Delivery, str], int]
"""Delivers a webhook in an attempt of this name and returns the HTTP status."""


class StripeAccount:
    """The test account of a simulated application; the rows of its machine are the truth about money."""

    def __init__(
        self,
        clock: VirtualClock,
        random: SeededRandom,
        injector: FaultInjector,
        outage: Outage | None = None,
    ) -> None:
        self._outage = outage
        self.calls: list[str] = []
        self.in_flight = 0  # webhooks
        self._clock, self._random, self._injector = clock, random, injector
        self._cause = ""  # of a request that no invocation makes
        self._ids: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self.machine = Stripe(
            lambda: clock.now,
            self._new_id,
            WEBHOOK_SECRET,
            secret_key=SECRET_KEY,
            publishable_key=PUBLISHABLE_KEY,
            enabled_events=ENABLED_EVENTS,
            fault=self._fault,
        )
        self.send: Send = lambda delivery, attempt: 500
        self.watchers: list[Callable[[], None]] = []
        self._attempts: set[str] = set()

    def transport(self) -> InProcess:
        return _Network(self)

    def _new_id(self, prefix: str) -> str:
        """Named after its cause, so that it stays the same whatever else happens."""
        invocation = current_invocation.get()
        cause = f"{invocation.name} > {invocation.calls}" if invocation else self._cause
        self._ids[cause] += 1
        return prefix + self._random.hex(f"stripe id {cause} {self._ids[cause]}")

    # -- requests of the payments service --------------------------------------------------------------------

    def pause(self, way: str) -> None:
        """The time that a request takes to Stripe ("there") or its response takes "back"."""
        invocation = current_invocation.get()
        assert invocation is not None
        if way == "there":
            name = invocation.next_call("stripe")
            self.calls.append(name)
            slow = self._injector.stripe_fault(f"{name} network", faults.NETWORK)
            seconds = self._random.between(*(SLOW if slow else LATENCY), f"there {name}")
        else:
            seconds = self._random.between(*LATENCY, f"back {invocation.name} {invocation.calls}")
        invocation.pause(seconds)

    def _fault(self, operation: str) -> Fault | None:
        """The fault of a request that an invocation makes; a browser's request has none."""
        invocation = current_invocation.get()
        if invocation is None:
            return None
        if self._outage and self._outage.fails("stripe", invocation.function, self._clock.now):
            return "lost_request"
        name = f"{invocation.name} > {invocation.calls} stripe"
        return cast(Fault | None, self._injector.stripe_fault(name, faults.STRIPE))

    # -- requests of browsers and of the dashboard -----------------------------------------------------------

    def confirm(self, client_secret: str, card: str, cause: str) -> dict[str, Any]:
        """Stripe.js confirms a payment; returns the intent or the error."""
        self._cause = cause
        intent = client_secret.partition("_secret_")[0]
        form = (
            f"payment_method={card}&client_secret={client_secret}&use_stripe_sdk=true&key={PUBLISHABLE_KEY}"
        )
        response = self.machine.request("post", f"/v1/payment_intents/{intent}/confirm", form)
        self.send_webhooks()
        return response.body

    def complete_challenge(self, intent: dict[str, Any], passed: bool, cause: str) -> None:
        """The buyer passes or fails the 3-D Secure challenge."""
        self._cause = f"{cause} challenge"
        action = intent.get("next_action")
        if action:
            self.machine.complete_challenge(action["use_stripe_sdk"]["stripe_js"].rpartition("/")[2], passed)
            self.send_webhooks()

    def press_in_dashboard(self, button: str, intent_id: str, cause: str) -> None:
        """An operator refunds (also "refund half"), cancels or captures; Stripe may refuse it."""
        self._cause = cause
        path, form = f"/v1/payment_intents/{intent_id}/{button}", ""
        if button.startswith("refund"):
            path, form = "/v1/refunds", f"payment_intent={intent_id}"
        if button == "refund half":
            form += f"&amount={self.machine.ledger.rows['payment_intent'][intent_id]['amount'] // 2}"
        self.machine.request("post", path, form, authorization=f"Bearer {SECRET_KEY}")
        self.send_webhooks()

    def dispute(self, intent_id: str, cause: str) -> None:
        """The buyer disputes a payment with their bank, where there is something to dispute."""
        self._cause = cause
        with suppress(ApiError):
            self.machine.dispute(intent_id)
        self.send_webhooks()

    def decide_disputes(self) -> None:
        """The banks decide all open disputes, every other one for the buyer."""
        self._cause = "banks"
        for number, intent_id in enumerate(self.machine.ledger.rows["payment_intent"]):
            self.machine.end_dispute(intent_id, ("lost", "won")[number % 2])
        self.send_webhooks()

    # -- webhooks --------------------------------------------------------------------------------------------

    def send_webhooks(self) -> None:
        """Send every webhook that is due, and schedule the others."""
        for watch in self.watchers:
            watch()
        for delivery in self.machine.deliveries():
            attempt = f"{self._name(delivery)} attempt {delivery.attempt}"
            if attempt not in self._attempts:
                self._attempts.add(attempt)
                self._send_webhook(delivery, attempt)
        waiting = self.machine.ledger.rows["delivery"].values()
        later = [row["due"] for row in waiting if row["due"] > self._clock.now]
        later += [row["at"] for row in self.machine.ledger.rows["alarm"].values() if row["what"] in SOON]
        if later:
            self._clock.at(min(later) + 0.001, self.send_webhooks)

    def _name(self, delivery: Delivery) -> str:
        """The webhook's type, its order and its number among those of the same type and order."""
        if delivery.id not in self._names:
            subject = self.machine.ledger.rows["event"][delivery.id]["data"]["object"]
            intent = self.machine.ledger.rows["payment_intent"][
                subject.get("payment_intent") or subject["id"]
            ]
            prefix = f"{delivery.type} of {intent['metadata'].get('orderId')}"
            number = sum(name.startswith(prefix) for name in self._names.values()) + 1
            self._names[delivery.id] = f"{prefix} no. {number}"
        return self._names[delivery.id]

    def _send_webhook(self, delivery: Delivery, attempt: str) -> None:
        delay = self._random.between(*WEBHOOK_USUAL, attempt)
        match self._injector.delivery_fault(f"webhook {attempt}", faults.WEBHOOK):
            case "lost":
                self.machine.ledger.remove("delivery", delivery.id)  # for good: Stripe gives up
                return
            case "refused":
                self.machine.mark_failed(delivery)
                self.send_webhooks()
                return
            case "late":
                delay = self._random.between(*WEBHOOK_LATE, f"late {attempt}")
            case "twice":
                second = self._random.between(*WEBHOOK_LATE, f"twice {attempt}")
                self.in_flight += 1
                self._clock.start_task(lambda: self._deliver(delivery, f"{attempt} twice"), second)
        self.in_flight += 1
        self._clock.start_task(lambda: self._deliver(delivery, attempt), delay)

    def _deliver(self, delivery: Delivery, attempt: str) -> None:
        [current] = [each for each in self.machine.deliveries() if each.id == delivery.id] or [delivery]
        status = self.send(current, attempt)
        self.in_flight -= 1
        if 200 <= status < 300:
            self.machine.mark_delivered(delivery)
        else:
            self.machine.mark_failed(delivery)
            self.send_webhooks()


class _Network(InProcess):
    """The transport of stripe-python to the state machine, which takes time in both directions."""

    def __init__(self, account: StripeAccount) -> None:
        super().__init__(account.machine)
        self._account = account

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, *, _usage: Any = None
    ) -> tuple[str, int, Any]:
        assert url.startswith(BASE), url
        self._account.pause("there")
        try:
            response = super().request(method, url, headers, post_data, _usage=_usage)
        finally:
            self._account.send_webhooks()
        self._account.pause("back")
        return response
