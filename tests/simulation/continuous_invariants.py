"""Invariants that hold at every moment, checked with each write of a row and each event at Stripe."""

from typing import Any

from tiketz_common.clock import to_wire
from tiketz_common.rows import Row, unpack

from tests.fakes.dynamodb_tables import Change
from tests.simulation.invariants import hold
from tests.simulation.users import Population

ORDER_TRANSITIONS = {
    "pending": {"pending", "completed", "expired", "cancelled"},
    "completed": {"refunded", "cancelled"},
}
PAYMENT_TRANSITIONS = {
    "pending": {"pending", "authorized", "captured", "voided", "failed", "refunded"},
    "authorized": {"authorized", "captured", "voided", "failed", "refunded"},
    "captured": {"captured", "refunded"},
}
PAYABLE = {"requires_capture", "succeeded"}
MAX_HELD, MAX_UNPAID, MAX_EXTENSIONS = 10, 20, 2
IN_FLIGHT_SECONDS = 10  # for which a response of Stripe may be on its way to a row


class ContinuousInvariants:
    """Raises Broken out of the call that breaks an invariant."""

    def __init__(self, population: Population) -> None:
        self._population, self._app = population, population.app
        self._max_quantity: dict[str, int] = {}  # of each ticket, ever
        self._stripe_events = 0
        self._app.watchers.append(self.check_change)
        self._app.stripe.watchers.append(self.check_stripe)

    def check_change(self, change: Change) -> None:
        if change.table not in ("tickets", "orders", "payments"):
            return
        old, new = unpack(change.old or {}), unpack(change.new or {})
        if change.table == "tickets":
            _check_forward(old, new, "inventoryVersion")
            return
        if change.table == "payments":
            self._check_sale(old, new)
        elif new["pk"].startswith("ORDER#"):
            self._check_order(old, new)
        elif new["pk"].startswith("TICKET#"):
            self._check_inventory(old, new)
        elif new["pk"].startswith(("HELD#", "UNPAID#")):
            limit = MAX_HELD if new["pk"].startswith("HELD#") else MAX_UNPAID
            hold(0 <= new["units"] <= limit, "held units are counted", new)

    def _check_order(self, old: Row, new: Row) -> None:
        if not old:
            self._check_placed(new)
            return
        if {**old, "event": new["event"]} == new:
            return  # published once more
        hold(new["version"] == old["version"] + 1, "an order's version counts its changes", new)
        allowed = ORDER_TRANSITIONS.get(old["status"], ())
        hold(new["status"] in allowed, f"an order {old['status']} stays so", new)
        for name in ("total", "quantity", "currency", "userId", "ticket"):
            hold(new[name] == old[name], f"an order's {name} never changes", new)
        hold(new["extensions"] <= MAX_EXTENSIONS, "an order is extended at most twice", new)
        if new["status"] == "expired":
            due = old["expiresAt"] <= self._app.clock.time.isoformat().replace("+00:00", "Z")
            hold(due, "an order expires only when its time is over", new)
        if new["status"] == "completed":
            starts_at = new["ticket"]["starts_at"]
            in_time = starts_at is None or to_wire(self._app.clock.time) < starts_at
            hold(in_time, "nothing is sold once its event has started", new)
            self._check_paid(new)
        _check_hold(new)

    def _check_paid(self, order: Row) -> None:
        order_id = order["pk"].removeprefix("ORDER#")
        payable = [each for each in self._intents(order_id) if each["status"] in PAYABLE]
        paid = any(
            (each["amount"], each["currency"]) == (order["total"], order["currency"]) for each in payable
        )
        hold(
            paid or order_id in self._population.changed_in_dashboard,
            "an order completes only when it is paid",
            order,
        )

    def _check_placed(self, order: Row) -> None:
        rows = {row["pk"]: row for row in self._app.rows("orders")}
        listing = rows[f"TICKET#{order['ticket']['id']}"]
        price = listing["price"]
        hold(order["status"] == "pending", "an order begins pending", order)
        _check_hold(order)
        hold(listing["listed"], "a withdrawn ticket is not sold", order)
        hold(listing["sellerId"] != order["userId"], "nobody buys their own ticket", order)
        hold(price == order["ticket"]["price"], "an order is placed at the price of its moment", order)
        hold(order["total"] == price * order["quantity"], "a total is price times quantity", order)

    def _check_inventory(self, old: Row, new: Row) -> None:
        sum_fits = new["available"] + new["held"] + new["sold"] == new["quantity"]
        hold(sum_fits, "I1 available + held + sold = quantity", new)
        hold(min(new["held"], new["sold"]) >= 0, "I1 units are never below zero", new)
        most = self._max_quantity[new["pk"]] = max(new["quantity"], self._max_quantity.get(new["pk"], 0))
        hold(new["held"] + new["sold"] <= most, "I1 no unit is sold twice", new)
        moved = any(new[name] != old.get(name) for name in ("quantity", "available", "held", "sold"))
        _check_forward(old, new, "ticketVersion")
        difference = new["inventoryVersion"] - old.get("inventoryVersion", 0)
        hold(difference == int(moved), "inventoryVersion counts what moves", new)

    def _check_sale(self, old: Row, new: Row) -> None:
        _check_forward(old.get("order", {}), new["order"], "version")
        before, after = old.get("payment"), new.get("payment")
        if not before:
            return
        hold(after is not None, "a payment is not forgotten", new)
        assert after is not None
        was, now = before["status"], after["status"]
        hold(now == was or now in PAYMENT_TRANSITIONS.get(was, ()), f"a payment {was} stays so", new)
        same = before["intentId"] in (None, after["intentId"])
        hold(same, "I6 an order has one intent", new)
        if was != now == "authorized":
            self._check_authorized(new)
        if was != now == "refunded":
            self._check_refunded(new)

    def _check_authorized(self, sale: Row) -> None:
        """An old response of Stripe must not be recorded; a recent one may have changed since."""
        [intent] = [each for each in self._intents(sale["pk"]) if each["id"] == sale["payment"]["intentId"]]
        since = self._app.clock.now - intent["canceled_at"] if intent["status"] == "canceled" else 0
        hold(since <= IN_FLIGHT_SECONDS, "I4 a payment is recorded as Stripe has it", sale)

    def _check_refunded(self, sale: Row) -> None:
        """A refund that is in flight is not recorded; one that succeeded may have failed since."""
        rows, intent_id = self._app.stripe.machine.ledger.rows, sale["payment"]["intentId"]
        pending = any(
            each["payment_intent"] == intent_id and each["status"] == "pending"
            for each in rows["refund"].values()
        )
        hold(not pending, "I5 a refund is recorded when it has succeeded", sale)

    def check_stripe(self) -> None:
        events = list(self._app.stripe.machine.ledger.rows["event"].values())
        for event in events[self._stripe_events :]:
            match event["type"]:
                case "payment_intent.created":
                    self._check_created(event["data"]["object"])
                case "payment_intent.succeeded":
                    self._check_captured(event["data"]["object"])
        self._stripe_events = len(events)

    def _check_created(self, intent: dict[str, Any]) -> None:
        """A process may die before it stores the intent's id: the payment must be stored before."""
        [sale] = [row for row in self._app.rows("payments") if row["pk"] == intent["metadata"]["orderId"]]
        hold("payment" in sale, "I3 a payment is stored before its intent is created", sale)

    def _check_captured(self, intent: dict[str, Any]) -> None:
        order_id = intent["metadata"]["orderId"]
        [order] = [each for each in self._app.rows("orders") if each["pk"] == f"ORDER#{order_id}"]
        sold = order["status"] in ("completed", "refunded")
        hold(
            sold or order_id in self._population.changed_in_dashboard,
            "I2 money is taken only for what was sold",
            order,
        )
        hold(intent["amount_received"] == order["total"], "I5 what is taken is the order's total", order)

    def _intents(self, order_id: str) -> list[dict[str, Any]]:
        intents = self._app.stripe.machine.ledger.rows["payment_intent"].values()
        return [each for each in intents if each["metadata"].get("orderId") == order_id]


def _check_hold(order: Row) -> None:
    starts_at = order["ticket"]["starts_at"]
    hold(starts_at is None or order["expiresAt"] <= starts_at, "no hold ends after its event starts", order)


def _check_forward(old: Row, new: Row, version: str) -> None:
    """A service's copy of another's row never goes back to an older version."""
    hold(new.get(version, 0) >= old.get(version, 0), "I4 a copy never goes back", new)
