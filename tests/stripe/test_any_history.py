"""Any sequence of requests conserves money and loses no state."""

import json
import random
from itertools import count

import pytest

from local.stripe.errors import Row
from local.stripe.machine import ApiResponse, Stripe
from tests.stripe.clock import Clock

CARDS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_chargeDeclined",
    "pm_card_authenticationRequired",
    "pm_card_threeDSecureRequiredChargeDeclined",
    "pm_card_refundFail",
    "pm_card_pendingRefund",
    "pm_card_createDispute",
    "pm_card_createDisputeInquiry",
)
FINAL = {"succeeded", "canceled"}


class History:
    """A random walk through the API, checked after each step."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.clock = Clock()
        self.number = count(1)
        self.machine = self.new_machine()
        self.ended: dict[str, str] = {}

    def new_machine(self) -> Stripe:
        return Stripe(
            self.clock,
            ids=lambda prefix: f"{prefix}{next(self.number):06d}",
            fault=lambda operation: "processing" if self.random.random() < 0.1 else None,
        )

    def step(self) -> None:
        steps = (
            self.create,
            self.confirm,
            self.capture,
            self.cancel,
            self.refund,
            self.end_dispute,
            self.complete_challenge,
            self.wait,
            self.restart,
        )
        self.random.choices(steps, weights=(3, 6, 4, 2, 3, 2, 4, 3, 1))[0]()
        self.check()

    def post(self, path: str, form: str = "") -> ApiResponse:
        """Sends it twice under one key: the second response is the first."""
        key = f"key-{next(self.number)}"
        how = {"authorization": f"Bearer {self.machine.keys.secret}", "idempotency_key": key}
        first = self.machine.request("POST", path, form, **how)
        before = self.machine.dump()
        again = self.machine.request("POST", path, form, **how)
        if "Idempotent-Replayed" in again.headers:
            assert (again.status, again.body) == (first.status, first.body)
        else:
            assert first.status in (400, 404)
        assert self.machine.dump() == before
        return first

    def intent(self) -> str:
        return self.random.choice(list(self.machine.ledger.rows["payment_intent"]) or ["pi_none"])

    def create(self) -> None:
        method = self.random.choice(["manual", "manual", "automatic"])
        self.post("/v1/payment_intents", f"amount=1000&currency=eur&capture_method={method}")

    def confirm(self) -> None:
        self.post(
            f"/v1/payment_intents/{self.intent()}/confirm", f"payment_method={self.random.choice(CARDS)}"
        )

    def capture(self) -> None:
        form = self.random.choice(["", "", "amount_to_capture=600", "amount_to_capture=1001"])
        self.post(f"/v1/payment_intents/{self.intent()}/capture", form)

    def cancel(self) -> None:
        self.post(f"/v1/payment_intents/{self.intent()}/cancel")

    def refund(self) -> None:
        amount = self.random.choice(["", "&amount=300"])
        self.post("/v1/refunds", f"payment_intent={self.intent()}{amount}")

    def end_dispute(self) -> None:
        self.machine.end_dispute(self.intent(), self.random.choice(["won", "lost"]))

    def complete_challenge(self) -> None:
        challenges = list(self.machine.ledger.rows["challenge"]) or ["src_none"]
        self.machine.complete_challenge(self.random.choice(challenges), passed=self.random.random() < 0.7)

    def wait(self) -> None:
        self.clock.advance(self.random.choice([1, 31, 3600, 8 * 24 * 3600]))
        self.machine.run_due_jobs()

    def restart(self) -> None:
        state = json.loads(json.dumps(self.machine.dump()))
        self.machine = self.new_machine()
        self.machine.load(state)
        assert self.machine.dump() == state

    def check(self) -> None:
        rows = self.machine.ledger.rows
        for intent in rows["payment_intent"].values():
            self.check_intent(intent)
        for charge in rows["charge"].values():
            returned = [each for each in rows["refund"].values() if each["charge"] == charge["id"]]
            given_back = sum(each["amount"] for each in returned if each["status"] != "failed")
            assert charge["amount_refunded"] == given_back <= charge["amount_captured"] <= charge["amount"]
            disputes = [each for each in rows["dispute"].values() if each["charge"] == charge["id"]]
            lost = sum(each["amount"] for each in disputes if each["status"] == "lost")
            assert lost + given_back <= charge["amount_captured"]
            assert charge["disputed"] == bool(disputes)
            assert charge["refunded"] == (0 < given_back == charge["amount_captured"])
        assert set(rows["delivery"]) <= set(rows["event"])

    def check_intent(self, intent: Row) -> None:
        rows, intent_id, status = self.machine.ledger.rows, intent["id"], intent["status"]
        assert self.ended.setdefault(intent_id, status) == status or self.ended[intent_id] not in FINAL
        self.ended[intent_id] = status
        charges = [charge for charge in rows["charge"].values() if charge["payment_intent"] == intent_id]
        captured = [charge for charge in charges if charge["captured"]]
        assert len(captured) == (status == "succeeded")
        assert intent["amount_received"] == sum(charge["amount_captured"] for charge in captured)
        assert intent["amount_capturable"] == (1000 if status == "requires_capture" else 0)
        waiting = [each for each in rows["challenge"].values() if each["payment_intent"] == intent_id]
        assert len(waiting) == (status == "requires_action") == (intent["next_action"] is not None)
        assert (intent_id in rows["alarm"]) == (status in ("requires_capture", "processing"))


@pytest.mark.parametrize("seed", range(60))
def test_money_is_conserved_in_any_history(seed: int) -> None:
    history = History(seed)
    for _ in range(60):
        history.step()
