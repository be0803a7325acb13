"""What must hold once everything has come to rest: I1 to I6 of the design, and what people were promised."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tiketz_common.rows import Row

from tests.fakes.application import SimulatedApplication
from tests.simulation.people import Crowd
from tests.simulation.watch import Broken

MOVED = {"completed": "sold", "pending": "held"}
SETTLED = {  # where an order's payment ends
    "completed": {"captured"},
    "refunded": {"refunded"},
    "cancelled": {"voided", "failed", "refunded"},
    "expired": {"voided", "failed", "refunded"},  # failed: it was canceled at Stripe before
}


class Rest:
    """A world at rest, read once."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.world = crowd, crowd.world
        self.orders: dict[str, Row] = {}
        self.inventories: dict[str, Row] = {}
        self.held: dict[tuple[str, str], int] = {}
        for row in self.world.rows("orders"):
            kind, _, id = row["pk"].partition("#")
            match kind:
                case "ORDER":
                    self.orders[id] = row
                case "TICKET":
                    self.inventories[id] = row
                case "HELD":
                    ticket, _, buyer = id.partition("#")
                    self.held[ticket, buyer] = row["units"]
        self.tickets = {
            row["ticket"]["id"]: row for row in self.world.rows("tickets") if row["sk"] == "TICKET"
        }
        self.sales = {row["pk"]: row for row in self.world.rows("payments")}
        ledger = self.world.stripe.machine.ledger.rows
        self.intents: dict[str, list[dict[str, Any]]] = {}
        for intent in ledger["payment_intent"].values():
            self.intents.setdefault(intent["metadata"]["orderId"], []).append(intent)
        self.charges = {charge["id"]: charge for charge in ledger["charge"].values()}

    def taken(self, intent: dict[str, Any]) -> tuple[int, int]:
        """Minor units captured, and those of them given back."""
        charges = [each for each in self.charges.values() if each["payment_intent"] == intent["id"]]
        captured = [each for each in charges if each["captured"]]
        return sum(each["amount_captured"] for each in captured), sum(
            each["amount_refunded"] for each in captured
        )


def check_units(world: SimulatedApplication, rest: "Rest") -> None:
    """I1, which holds at any moment between two calls."""
    units: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    for order in rest.orders.values():
        if place := MOVED.get(order["status"]):
            units[order["ticket"]["id"], place] += order["quantity"]
        if order["status"] == "pending":
            held[order["ticket"]["id"], order["userId"]] += order["quantity"]
    for id, row in rest.inventories.items():
        for place in ("held", "sold"):
            _hold(row[place] == units[id, place], f"I1 {place} units are those of orders", row, units)
    for key, count in rest.held.items():
        _hold(count == held[key], "I1 a buyer's held units are counted", key, count, held)


def check_copies(rest: "Rest") -> None:
    """I4 between two services that tell each other nothing any more."""
    for id, order in rest.orders.items():
        _copy(order, rest.sales.get(id))
    for id, ticket in rest.tickets.items():
        _ticket(rest, id, ticket)


def check(crowd: Crowd) -> None:
    """Everything. Raises Broken for the first that does not hold."""
    rest = Rest(crowd)
    check_units(crowd.world, rest)
    for id, order in rest.orders.items():
        _order(rest, id, order)
    for id, ticket in rest.tickets.items():
        _ticket(rest, id, ticket)
    _hold(rest.inventories.keys() == rest.tickets.keys(), "I4 orders knows every ticket")
    _people(crowd, rest)
    _secrecy(crowd.world)


def _order(rest: Rest, id: str, order: Row) -> None:
    status = order["status"]
    _hold(status != "pending", "every order ends", order)
    sale = _copy(order, rest.sales.get(id))
    intents = rest.intents.get(id, [])
    taken = [rest.taken(intent) for intent in intents]
    captured, refunded = (sum(column) for column in zip(*taken, strict=True)) if taken else (0, 0)
    paid = [amount for amount, _ in taken if amount]
    _hold(len(paid) <= 1, "I6 an order is charged at most once", order, intents)
    due = order["total"] if status == "completed" else 0
    _hold(captured - refunded == due, "I5 captured - refunded = the totals of completed orders", order, sale)
    if captured and id not in rest.crowd.touched:
        _hold(status in ("completed", "refunded"), "I2 what is captured was sold", order, sale)
    forgotten = list(rest.world.injector.struck.values()).count("error_500_after")
    _hold(len(intents) <= 1 + forgotten, "I6 an order has one intent", order, intents)
    for intent in intents:
        _hold(intent["status"] != "requires_capture", "I3 no ended order has capturable money", order, sale)
        closed = intent["status"] in ("canceled", "succeeded") or forgotten
        _hold(closed, "I3 no ended order can still be paid", order, sale, intent)
    if payment := sale.get("payment"):
        _hold(payment["status"] in SETTLED[status], "a payment ends as its order does", order, sale)
        _hold("unsettled" not in sale, "every payment is settled", sale)
    else:
        _hold(status in ("expired", "cancelled"), "nothing is sold unpaid", order, sale)


def _copy(order: Row, sale: Row | None) -> Row:
    """Payments' copy of an order, which equals it."""
    _hold(sale is not None, "I4 payments knows every order", order)
    assert sale is not None
    for name in ("status", "total", "currency", "version", "expiresAt", "userId"):
        _hold(sale["order"][name] == order[name], f"I4 payments' copy has the order's {name}", order, sale)
    return sale


def _ticket(rest: Rest, id: str, row: Row) -> None:
    facts, inventory = row["ticket"], rest.inventories.get(id)
    _hold(inventory is not None, "I4 orders knows every ticket", facts)
    assert inventory is not None
    for name in ("title", "price", "currency", "quantity", "sellerId", "startsAt", "venue", "city"):
        _hold(inventory[name] == facts[name], f"I4 orders' copy has the ticket's {name}", facts, inventory)
    _hold(inventory["ticketVersion"] == facts["version"], "I4 orders' copy is the latest", facts, inventory)
    _hold(inventory["listed"] == (facts["state"] == "listed"), "I4 orders knows what is withdrawn", facts)
    for name in ("held", "sold", "inventoryVersion"):
        _hold(row[name] == inventory[name], f"I4 tickets' copy has the inventory's {name}", row, inventory)
    begun = facts["startsAt"] is not None and facts["startsAt"] <= rest.world.clock.time.isoformat()[:19]
    buyable = facts["state"] == "listed" and facts["quantity"] > row["held"] + row["sold"] and not begun
    if not begun:
        _hold(("shelf" in row) == buyable, "the shelf holds what can be bought", row)


def _people(crowd: Crowd, rest: Rest) -> None:
    """What somebody was answered stays true."""
    _hold(not crowd.surprises, "people are answered what they should be", *crowd.surprises)
    _hold(not crowd.world.web.faults, "no request fails by itself", *crowd.world.web.faults)
    for placed in crowd.orders.values():
        order = rest.orders.get(placed.id)
        _hold(order is not None, "an order that was promised exists", placed)
        assert order is not None
        told = placed.buyer, placed.ticket, placed.quantity, placed.total
        kept = order["userId"], order["ticket"]["id"], order["quantity"], order["total"]
        _hold(told == kept, "an order is as its buyer was told", placed, order)
    users = [row for row in crowd.world.rows("auth") if row["pk"].startswith("USER#")]
    emails = [row["email"] for row in users if "email" in row]  # whoever left has none
    _hold(len(set(emails)) == len(emails), "an e-mail address has one account", emails)


def _secrecy(world: SimulatedApplication) -> None:
    rows = json.dumps([world.rows(service) for service in ("orders", "payments", "tickets")])
    _hold("_secret_" not in rows, "no row holds a client secret")


def _hold(holds: bool, invariant: str, *shown: Any) -> None:
    if not holds:
        raise Broken(f"{invariant}: {' | '.join(_short(shown))}")


def _short(shown: Iterable[Any]) -> Iterable[str]:
    for each in shown:
        if isinstance(each, dict):
            each = {name: value for name, value in each.items() if name not in ("event", "request")}
        yield str(each)
