"""Stripe: the machine of local/stripe in virtual time, its network, and the webhooks it sends."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from payments.stripe_events import WEBHOOK_EVENTS

from local.stripe.faults import Fault
from local.stripe.in_process import BASE, InProcess
from local.stripe.machine import Stripe
from local.stripe.webhooks import Delivery
from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_simulated", "pk_test_simulated", "whsec_simulated"
LATENCY = 0.02, 0.25  # seconds, each way
SLOW = 1.0, 9.0
QUICK, LATE = (0.05, 0.8), (2.0, 150.0)
HEARD = {*WEBHOOK_EVENTS, "payment_intent.payment_failed"}

Send = Callable[[Delivery, str], int]
"""Deliver a webhook, in an attempt of this name; the HTTP status it was answered."""


class StripeAccount:
    """The test account of the simulated world; what its machine remembers is the truth about money."""

    def __init__(self, clock: VirtualClock, random: SeededRandom, injector: FaultInjector) -> None:
        self.made: list[str] = []
        self.owed = 0  # webhooks on their way
        self._clock, self._random, self._injector = clock, random, injector
        self._cause = ""  # of what nobody of ours asks for
        self._ids: Counter[str] = Counter()
        self._told: dict[str, str] = {}
        self.machine = Stripe(
            lambda: clock.now,
            self._id,
            WEBHOOK_SECRET,
            secret_key=SECRET_KEY,
            publishable_key=PUBLISHABLE_KEY,
            enabled_events=HEARD,
            fault=self._fault,
        )
        self.send: Send = lambda delivery, attempt: 500
        self.watchers: list[Callable[[], None]] = []
        self._sending: set[str] = set()

    def transport(self) -> InProcess:
        return _Network(self)

    def _id(self, prefix: str) -> str:
        """Named after what causes it, so that it stays the same whatever else happens."""
        invocation = current_invocation.get()
        cause = f"{invocation.name} > {invocation.calls}" if invocation else self._cause
        self._ids[cause] += 1
        return prefix + self._random.hex(f"stripe id {cause} {self._ids[cause]}")

    # -- requests of ours ------------------------------------------------------------------------------------

    def pause(self, way: str) -> None:
        invocation = current_invocation.get()
        assert invocation is not None
        if way == "there":
            name = invocation.next_call("stripe")
            self.made.append(name)
            slow = self._injector.of_stripe(f"{name} network", faults.NETWORK)
            seconds = self._random.between(*(SLOW if slow else LATENCY), f"there {name}")
        else:
            seconds = self._random.between(*LATENCY, f"back {invocation.name} {invocation.calls}")
        invocation.pause(seconds)

    def _fault(self, operation: str) -> Fault | None:
        """What goes wrong with a request of ours; a buyer's browser is nobody to crash."""
        invocation = current_invocation.get()
        if invocation is None:
            return None
        name = f"{invocation.name} > {invocation.calls} stripe"
        return self._injector.of_stripe(name, faults.STRIPE)  # type: ignore[return-value]

    # -- requests of browsers and of the dashboard -----------------------------------------------------------

    def confirm(self, client_secret: str, card: str, cause: str) -> dict[str, Any]:
        """Stripe.js confirms a payment; the intent or the error it shows."""
        self._cause = cause
        intent = client_secret.partition("_secret_")[0]
        form = (
            f"payment_method={card}&client_secret={client_secret}&use_stripe_sdk=true&key={PUBLISHABLE_KEY}"
        )
        answer = self.machine.request("post", f"/v1/payment_intents/{intent}/confirm", form)
        self.tell()
        return answer.body

    def challenge(self, intent: dict[str, Any], passed: bool, cause: str) -> None:
        """The buyer's bank has its answer."""
        self._cause = f"{cause} challenge"
        action = intent.get("next_action")
        if action:
            self.machine.complete_challenge(action["use_stripe_sdk"]["stripe_js"].rpartition("/")[2], passed)
            self.tell()

    def by_hand(self, what: str, intent_id: str, cause: str) -> None:
        """Somebody presses Refund, Cancel or Capture in Stripe's dashboard; it may be refused."""
        self._cause = cause
        path = "/v1/refunds" if what == "refund" else f"/v1/payment_intents/{intent_id}/{what}"
        form = f"payment_intent={intent_id}" if what == "refund" else ""
        self.machine.request("post", path, form, authorization=f"Bearer {SECRET_KEY}")
        self.tell()

    # -- webhooks --------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """See that every webhook that is due goes out."""
        for watch in self.watchers:
            watch()
        for delivery in self.machine.deliveries():
            attempt = f"{self._name(delivery)} attempt {delivery.attempt}"
            if attempt not in self._sending:
                self._sending.add(attempt)
                self._go(delivery, attempt)
        owed = self.machine.ledger.rows["delivery"].values()
        if later := [row["due"] for row in owed if row["due"] > self._clock.now]:
            self._clock.at(min(later) + 0.001, self.tell)

    def _name(self, delivery: Delivery) -> str:
        """Which webhook it is: of its order and type, the first, the second, …"""
        if delivery.id not in self._told:
            about = self.machine.ledger.rows["event"][delivery.id]["data"]["object"]
            what = f"{delivery.type} of {about['metadata'].get('orderId')}"
            number = sum(name.startswith(what) for name in self._told.values()) + 1
            self._told[delivery.id] = f"{what} no. {number}"
        return self._told[delivery.id]

    def _go(self, delivery: Delivery, attempt: str) -> None:
        delay = self._random.between(*QUICK, attempt)
        match self._injector.of_carrying(f"webhook {attempt}", faults.WEBHOOK):
            case "lost":
                self.machine.ledger.remove("delivery", delivery.id)  # for good: Stripe gives up
                return
            case "refused":
                self.machine.mark_failed(delivery)
                self.tell()
                return
            case "late":
                delay = self._random.between(*LATE, f"late {attempt}")
            case "twice":
                again = self._random.between(*LATE, f"twice {attempt}")
                self.owed += 1
                self._clock.begin(lambda: self._deliver(delivery, f"{attempt} twice"), again)
        self.owed += 1
        self._clock.begin(lambda: self._deliver(delivery, attempt), delay)

    def _deliver(self, delivery: Delivery, attempt: str) -> None:
        [current] = [each for each in self.machine.deliveries() if each.id == delivery.id] or [delivery]
        status = self.send(current, attempt)
        self.owed -= 1
        if 200 <= status < 300:
            self.machine.mark_delivered(delivery)
        else:
            self.machine.mark_failed(delivery)
            self.tell()


class _Network(InProcess):
    """stripe-python's way to the machine, which takes time in both directions."""

    def __init__(self, account: StripeAccount) -> None:
        super().__init__(account.machine)
        self._account = account

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, *, _usage: Any = None
    ) -> tuple[str, int, Any]:
        assert url.startswith(BASE), url
        self._account.pause("there")
        try:
            answer = super().request(method, url, headers, post_data, _usage=_usage)
        finally:
            self._account.tell()
        self._account.pause("back")
        return answer
