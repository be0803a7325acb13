"""What must hold at every moment, looked at whenever a row changes or Stripe does something."""

from typing import Any

from tiketz_common.rows import Row, unpack

from tests.fakes.dynamodb import Change
from tests.simulation.people import Crowd

ORDER_ENDS = {
    "pending": {"pending", "completed", "expired", "cancelled"},
    "completed": {"refunded", "cancelled"},
}
PAYMENT_ENDS = {
    "pending": {"pending", "authorized", "captured", "voided", "failed", "refunded"},
    "authorized": {"authorized", "captured", "voided", "failed", "refunded"},
    "captured": {"captured", "refunded"},
}
PAYABLE = {"requires_capture", "succeeded"}
MOST_HELD, MOST_EXTENSIONS = 10, 2
FRESH_SECONDS = 10  # for which an answer of Stripe may be on its way to a row


class Broken(BaseException):
    """An invariant, named first, does not hold. Not an Exception, so that no handler swallows it."""

    @property
    def invariant(self) -> str:
        return str(self).partition(":")[0]


class Watch:
    """Raises Broken, out of the very call that breaks something."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd, self._world = crowd, crowd.world
        self._most: dict[str, int] = {}  # units of each ticket that were ever for sale at once
        self._events = 0
        self._world.watchers.append(self.see)
        self._world.stripe.watchers.append(self.see_stripe)

    def see(self, change: Change) -> None:
        if change.table not in ("tickets", "orders", "payments"):
            return
        old, new = unpack(change.old or {}), unpack(change.new or {})
        if change.table == "tickets":
            _forward(old, new, "inventoryVersion")
            return
        if change.table == "payments":
            self._payment(old, new)
        elif new["pk"].startswith("ORDER#"):
            self._order(old, new)
        elif new["pk"].startswith("TICKET#"):
            self._inventory(old, new)
        else:
            _hold(0 <= new["units"] <= MOST_HELD, "held units are counted", new)

    def _order(self, old: Row, new: Row) -> None:
        if not old:
            self._placed(new)
            return
        _hold(new["version"] == old["version"] + 1, "an order's version counts its changes", new)
        _hold(new["status"] in ORDER_ENDS.get(old["status"], ()), f"an order {old['status']} stays so", new)
        for fact in ("total", "quantity", "currency", "userId", "ticket"):
            _hold(new[fact] == old[fact], f"an order's {fact} never changes", new)
        _hold(new["extensions"] <= MOST_EXTENSIONS, "an order is extended at most twice", new)
        if new["status"] == "expired":
            over = old["expiresAt"] <= self._world.clock.time.isoformat().replace("+00:00", "Z")
            _hold(over, "an order expires only when its time is over", new)
        if new["status"] == "completed":
            id = new["pk"].removeprefix("ORDER#")
            paid = [each for each in self._intents(id) if each["status"] in PAYABLE]
            authorised = any(
                (each["amount"], each["currency"]) == (new["total"], new["currency"]) for each in paid
            )
            _hold(authorised or id in self._crowd.touched, "an order completes only when it is paid", new)

    def _placed(self, order: Row) -> None:
        rows = {row["pk"]: row for row in self._world.rows("orders")}
        offer = rows[f"TICKET#{order['ticket']['id']}"]
        _hold(order["status"] == "pending", "an order begins pending", order)
        _hold(offer["listed"], "what is withdrawn is not sold", order)
        _hold(offer["sellerId"] != order["userId"], "nobody buys their own", order)
        _hold(
            offer["price"] == order["ticket"]["price"], "an order is placed at the price of its moment", order
        )
        _hold(order["total"] == offer["price"] * order["quantity"], "a total is price times quantity", order)

    def _inventory(self, old: Row, new: Row) -> None:
        sum_fits = new["available"] + new["held"] + new["sold"] == new["quantity"]
        _hold(sum_fits, "I1 available + held + sold = quantity", new)
        _hold(min(new["held"], new["sold"]) >= 0, "I1 units are never below zero", new)
        most = self._most[new["pk"]] = max(new["quantity"], self._most.get(new["pk"], 0))
        _hold(new["held"] + new["sold"] <= most, "I1 no unit is sold twice", new)
        moved = any(new[place] != old.get(place) for place in ("quantity", "available", "held", "sold"))
        _forward(old, new, "ticketVersion")
        step = new["inventoryVersion"] - old.get("inventoryVersion", 0)
        _hold(step == int(moved), "inventoryVersion counts what moves", new)

    def _payment(self, old: Row, new: Row) -> None:
        _forward(old.get("order", {}), new["order"], "version")
        before, after = old.get("payment"), new.get("payment")
        if not before:
            return
        _hold(after is not None, "a payment is not forgotten", new)
        was, now = before["status"], after["status"]
        _hold(now == was or now in PAYMENT_ENDS.get(was, ()), f"a payment {was} stays so", new)
        same = before["intentId"] in (None, after["intentId"])
        _hold(same, "I6 an order has one intent", new)
        if was != now == "authorized":
            self._authorised(new)

    def _authorised(self, sale: Row) -> None:
        """What Stripe said just now may be otherwise already; what it said long ago is not to be believed."""
        [intent] = [each for each in self._intents(sale["pk"]) if each["id"] == sale["payment"]["intentId"]]
        over = self._world.clock.now - intent["canceled_at"] if intent["status"] == "canceled" else 0
        _hold(over <= FRESH_SECONDS, "I4 a payment is recorded as Stripe has it", sale)

    def see_stripe(self) -> None:
        """Money moves only for what was sold, and never out of our sight."""
        events = list(self._world.stripe.machine.ledger.rows["event"].values())
        for event in events[self._events :]:
            match event["type"]:
                case "payment_intent.created":
                    self._made(event["data"]["object"])
                case "payment_intent.succeeded":
                    self._captured(event["data"]["object"])
        self._events = len(events)

    def _made(self, intent: dict[str, Any]) -> None:
        """Whoever makes an intent may die before its id is stored: that it exists must be known before."""
        [sale] = [
            each for each in self._world.rows("payments") if each["pk"] == intent["metadata"]["orderId"]
        ]
        _hold("payment" in sale, "I3 an intent is announced before it is made", sale)

    def _captured(self, intent: dict[str, Any]) -> None:
        id = intent["metadata"]["orderId"]
        [order] = [each for each in self._world.rows("orders") if each["pk"] == f"ORDER#{id}"]
        sold = order["status"] in ("completed", "refunded")
        _hold(sold or id in self._crowd.touched, "I2 money is taken only for what was sold", order)
        _hold(intent["amount_received"] == order["total"], "I5 what is taken is the order's total", order)

    def _intents(self, order_id: str) -> list[dict[str, Any]]:
        intents = self._world.stripe.machine.ledger.rows["payment_intent"].values()
        return [each for each in intents if each["metadata"].get("orderId") == order_id]


def _forward(old: Row, new: Row, version: str) -> None:
    """What one service knows of another's row never goes back."""
    _hold(new.get(version, 0) >= old.get(version, 0), "I4 a copy never goes back", new)


def _hold(holds: bool, invariant: str, row: Row) -> None:
    if not holds:
        shown = {name: value for name, value in row.items() if name not in ("event", "request", "ticket")}
        raise Broken(f"{invariant}: {shown}")
