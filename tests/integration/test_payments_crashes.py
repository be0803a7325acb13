"""A purchase with a crash or a lost response at any one of its calls ends as one without."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from tiketz_common import aws

from local.stripe.faults import Crash, Fault
from tests.factories import NOON
from tests.support.payments_service import PaymentsService

CALLS_OF_A_PURCHASE = range(5, 60)
"""How many calls a scenario may make: with fewer the faults are not counted, with more something loops."""

Step = Callable[["Purchase"], bool]


@dataclass
class Faults:
    """Counts the calls to DynamoDB and to Stripe, and fails one of them after it took effect."""

    at: int = 0
    crash: bool = True
    calls: int = field(default=0, init=False)

    def due(self) -> bool:
        return self.calls == self.at

    def before_dynamodb(self, **_: Any) -> None:
        self.calls += 1

    def after_dynamodb(self, **_: Any) -> None:
        if self.due():
            raise Crash if self.crash else ConnectionClosedError(endpoint_url="https://dynamodb")

    def of_stripe(self, operation: str) -> Fault | None:
        if operation.endswith("confirm"):
            return None  # that is the buyer's browser
        self.calls += 1
        if not self.due():
            return None
        return "crash_after" if self.crash else "lost_reply"


@dataclass
class Purchase:
    """One order, changed by the test as the orders service would, and its payment."""

    payments: PaymentsService
    id: str
    status: str = "pending"
    version: int = 1

    def tell(self, kind: str, status: str | None = None) -> bool:
        """Publish the order. Whether payments acknowledged it."""
        if status not in (None, self.status):
            self.status, self.version = str(status), self.version + 1
        return self.payments.consume_order(kind, id=self.id, status=self.status, version=self.version)

    def place(self) -> bool:
        return self.tell("OrderCreated")

    def pay(self) -> bool:
        return self.payments.pay(self.id).status in (201, 409)

    def confirm(self) -> bool:
        if any(intent["client_secret"] for intent in self.payments.intents(self.id)):
            self.payments.confirm(order_id=self.id)
        return True

    def expire(self) -> bool:
        return self.tell("OrderExpired", "expired") if self.status in ("pending", "expired") else True

    def complete(self) -> bool:
        """What orders does on an authorisation."""
        if self.status == "pending" and self.payments.status(self.id) == "authorized":
            return self.tell("OrderCompleted", "completed")
        return self.status != "completed" or self.tell("OrderCompleted")

    def refund(self) -> bool:
        """A refund in Stripe's dashboard."""
        if self.payments.taken(self.id):
            self.payments.stripe.refund_from_dashboard(self.payments.intent(self.id)["id"])
        return True

    def end(self) -> bool:
        """What orders does on a refund."""
        return self.tell("OrderRefunded", "refunded")

    def webhooks(self) -> bool:
        for delivery in self.payments.stripe.deliveries():
            if self.payments.send(delivery) != 200:
                return False
            self.payments.stripe.mark_delivered(delivery)
        return True

    def sweep(self) -> bool:
        """A minute passes. Whether the payment was found."""
        self.payments.sweep()
        return self.payments.status(self.id) != "pending"


STORIES: dict[str, list[Step]] = {
    "paid": [
        Purchase.place,
        Purchase.pay,
        Purchase.confirm,
        Purchase.webhooks,
        Purchase.complete,
        Purchase.webhooks,
    ],
    "paid, and no webhook came": [
        Purchase.place,
        Purchase.pay,
        Purchase.confirm,
        Purchase.sweep,
        Purchase.complete,
    ],
    "expired unpaid": [Purchase.place, Purchase.pay, Purchase.expire, Purchase.webhooks],
    "paid too late": [
        Purchase.place,
        Purchase.pay,
        Purchase.confirm,
        Purchase.expire,
        Purchase.webhooks,
    ],
    "refunded at Stripe": [
        Purchase.place,
        Purchase.pay,
        Purchase.confirm,
        Purchase.webhooks,
        Purchase.complete,
        Purchase.refund,
        Purchase.webhooks,
        Purchase.end,
    ],
}
ENDS = {
    "paid": ("captured", 4860),
    "paid, and no webhook came": ("captured", 4860),
    "expired unpaid": ("voided", 0),
    "paid too late": ("voided", 0),
    "refunded at Stripe": ("refunded", 0),
}


@pytest.fixture
def faults(payments: PaymentsService) -> Faults:
    """Wired to every call that payments makes."""
    wired = Faults()
    hooks = aws.client("dynamodb").meta.events
    for operation in ("GetItem", "UpdateItem", "Query"):
        hooks.register(f"before-call.dynamodb.{operation}", wired.before_dynamodb)
        hooks.register(f"after-call.dynamodb.{operation}", wired.after_dynamodb)
    return wired


def play(story: str, payments: PaymentsService, faults: Faults, at: int, crash: bool) -> Purchase:
    """Run a scenario to its end on its own order, repeating each step until it succeeds."""
    payments.now = NOON
    payments.new_stripe().fault = faults.of_stripe
    purchase = Purchase(payments, id=f"o-{at}-{crash}")
    faults.at, faults.crash, faults.calls = at, crash, 0
    for step in STORIES[story]:
        for _ in range(5):
            try:
                if step(purchase):
                    break
            except (Crash, ConnectionClosedError):
                continue
        else:
            pytest.fail(f"{step.__name__} was not taken in {story}, fault at call {at}")
    return purchase


@pytest.mark.parametrize("crash", [True, False], ids=["crash", "lost reply"])
@pytest.mark.parametrize("story", STORIES)
def test_a_purchase_survives_one_fault_at_any_call(
    payments: PaymentsService, faults: Faults, story: str, crash: bool
) -> None:
    play(story, payments, faults, 0, crash)
    assert faults.calls in CALLS_OF_A_PURCHASE
    for at in range(1, faults.calls + 1):
        purchase = play(story, payments, faults, at, crash)
        row = payments.row(purchase.id)
        assert (row["payment"]["status"], payments.taken(purchase.id)) == ENDS[story], at
        assert len(payments.intents(purchase.id)) == 1, at
        assert "unsettled" not in row, at
