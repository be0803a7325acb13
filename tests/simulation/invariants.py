"""The invariants of an application at rest: I1 to I6 of the design, and what users' responses promised."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tiketz_common.rows import Row

from tests.fakes.mail import Mail
from tests.simulation.mail_invariants import broken_mail
from tests.simulation.users import PlacedOrder, Population

UNITS = {"completed": "sold", "pending": "held"}
FINAL_PAYMENTS = {  # the statuses in which an order's payment ends
    "completed": {"captured"},
    "refunded": {"refunded"},
    "cancelled": {"voided", "failed", "refunded"},
    "expired": {"voided", "failed", "refunded"},  # failed: it was canceled at Stripe before
}


class Broken(BaseException):
    """An invariant, named first, does not hold. Not an Exception, so that no handler catches it."""

    @property
    def invariant(self) -> str:
        return str(self).partition(":")[0]


@dataclass
class Snapshot:
    """The state of an application at one moment, and what its users got."""

    rows: Callable[[str], list[Row]]  # of a service
    stripe: Mapping[str, Mapping[str, Any]]  # by kind and id
    now: datetime
    promised: Iterable[PlacedOrder] = ()
    changed_in_dashboard: frozenset[str] = frozenset()  # ids of orders
    unexpected_responses: list[str] = field(default_factory=list)
    server_errors: list[str] = field(default_factory=list)
    mails: Sequence[Mail] | None = None  # that SES took; None where they are not checked
    faults: Mapping[str, str] = field(default_factory=dict)  # by call
    lost_intents: int = 0  # how often Stripe responded 500 after it had created something

    def __post_init__(self) -> None:
        self.orders: dict[str, Row] = {}
        self.inventories: dict[str, Row] = {}
        self.held: dict[tuple[str, str], int] = {}
        self.unpaid: dict[str, int] = {}
        for row in self.rows("orders"):
            kind, _, key = row["pk"].partition("#")
            match kind:
                case "ORDER":
                    self.orders[key] = row
                case "TICKET":
                    self.inventories[key] = row
                case "HELD":
                    ticket, _, buyer = key.partition("#")
                    self.held[ticket, buyer] = row["units"]
                case "UNPAID":
                    self.unpaid[key] = row["units"]
        self.tickets = {row["ticket"]["id"]: row for row in self.rows("tickets") if row["sk"] == "TICKET"}
        self.sales = {row["pk"]: row for row in self.rows("payments")}
        self.intents: dict[str, list[dict[str, Any]]] = {}
        for intent in self.stripe["payment_intent"].values():
            self.intents.setdefault(intent["metadata"]["orderId"], []).append(intent)

    def captured(self, intent: dict[str, Any]) -> int:
        """Minor units captured."""
        charges = self._of("charge", intent)
        return sum(each["amount_captured"] for each in charges if each["captured"])

    def refunded(self, intent: dict[str, Any]) -> int:
        """Those of them that went back."""
        return sum(each["amount"] for each in self._of("refund", intent) if each["status"] == "succeeded")

    def lost(self, intent: dict[str, Any]) -> int:
        """Those of them that disputes took."""
        return sum(each["amount"] for each in self._of("dispute", intent) if each["status"] == "lost")

    def has_failed_refund(self, intent: dict[str, Any]) -> bool:
        return any(each["status"] == "failed" for each in self._of("refund", intent))

    def _of(self, kind: str, intent: dict[str, Any]) -> list[Mapping[str, Any]]:
        return [each for each in self.stripe[kind].values() if each["payment_intent"] == intent["id"]]


def snapshot(population: Population) -> Snapshot:
    """The state of a simulated application now."""
    app = population.app
    return Snapshot(
        rows=app.rows,
        stripe=app.stripe.machine.ledger.rows,
        now=app.clock.time,
        promised=population.orders.values(),
        changed_in_dashboard=frozenset(population.changed_in_dashboard),
        unexpected_responses=population.unexpected_responses,
        server_errors=app.http.server_errors,
        mails=app.ses.mails,
        faults=app.injector.injected,
        lost_intents=list(app.injector.injected.values()).count("error_500_after"),
    )


def check(state: Snapshot) -> None:
    """Check every invariant. Raises Broken for the first that does not hold."""
    check_units(state)
    for order_id, order in state.orders.items():
        _check_order(state, order_id, order)
    for ticket_id, ticket in state.tickets.items():
        _check_ticket(state, ticket_id, ticket)
    hold(state.inventories.keys() == state.tickets.keys(), "I4 orders has every ticket")
    _check_promises(state)
    _check_secrecy(state)
    _check_mails(state)


def check_units(state: Snapshot) -> None:
    """I1, which holds at any moment between two calls. Raises Broken."""
    units: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    for order in state.orders.values():
        if place := _place(order):
            units[order["ticket"]["id"], place] += order["quantity"]
        if order["status"] == "pending":
            held[order["ticket"]["id"], order["userId"]] += order["quantity"]
    for ticket_id, row in state.inventories.items():
        for place in ("held", "sold"):
            hold(row[place] == units[ticket_id, place], f"I1 {place} units are those of orders", row, units)
    for key, count in state.held.items():
        hold(count == held[key], "I1 a buyer's held units are counted", key, count, held)
    for buyer, count in state.unpaid.items():
        pending = sum(units for (_, holder), units in held.items() if holder == buyer)
        hold(count == pending, "I1 a buyer's unpaid units are counted", buyer, count, held)


def _place(order: Row) -> str | None:
    """Where an order's units are; those of a file stay sold from its completion until they are returned."""
    filed = order.get("delivery") == "file" and order.get("completedAt")
    return "sold" if filed and not order["returned"] else UNITS.get(order["status"])


def check_copies(state: Snapshot) -> None:
    """I4, which holds while no event is in flight. Raises Broken."""
    for order_id, order in state.orders.items():
        _checked_copy(order, state.sales.get(order_id))
    for ticket_id, ticket in state.tickets.items():
        _check_ticket(state, ticket_id, ticket)


def _check_order(state: Snapshot, order_id: str, order: Row) -> None:
    status = order["status"]
    hold(status != "pending", "every order ends", order)
    sale = _checked_copy(order, state.sales.get(order_id))
    _check_money(state, order_id, order, sale)
    if payment := sale.get("payment"):
        hold(payment["status"] in FINAL_PAYMENTS[status], "a payment ends as its order does", order, sale)
        hold("unsettled" not in sale, "every payment is settled", sale)
    else:
        hold(status in ("expired", "cancelled"), "nothing is sold unpaid", order, sale)


def _check_money(state: Snapshot, order_id: str, order: Row, sale: Row) -> None:
    """What Stripe has for an order."""
    status, intents = order["status"], state.intents.get(order_id, [])
    captured = sum(map(state.captured, intents))
    charged = [intent for intent in intents if state.captured(intent)]
    hold(len(charged) <= 1, "I6 an order is charged at most once", order, intents)
    for intent in charged:
        _check_conserved(state, order, sale, intent)
    hold(status != "completed" or captured == order["total"], "I5 what is sold was captured", order, sale)
    if captured and order_id not in state.changed_in_dashboard:
        hold(status in ("completed", "refunded"), "I2 what is captured was sold", order, sale)
    hold(len(intents) <= 1 + state.lost_intents, "I6 an order has one intent", order, intents)
    for intent in intents:
        hold(intent["status"] != "requires_capture", "I3 no ended order has capturable money", order, sale)
        closed = intent["status"] in ("canceled", "succeeded") or state.lost_intents
        hold(bool(closed), "I3 no ended order can still be paid", order, sale, intent)


def _check_conserved(state: Snapshot, order: Row, sale: Row, intent: dict[str, Any]) -> None:
    """Captured - refunded - lost is what a sale keeps, and what failed refunds owe of any other order."""
    money = {"refunded": 0, "lost": 0, "disputed": None, "refundFailed": 0, **sale.get("money", {})}
    refunded, lost = state.refunded(intent), state.lost(intent)
    hold((money["refunded"], money["lost"]) == (refunded, lost), "I5 money is as at Stripe", order, sale)
    kept, owed = state.captured(intent) - refunded - lost, money["refundFailed"]
    if order["status"] == "completed":
        hold(owed <= kept and refunded < state.captured(intent), "I5 a sale keeps its money", order, sale)
    else:
        hold(kept == owed, "I5 captured - refunded - lost = what is owed", order, sale)
    hold(not owed or state.has_failed_refund(intent), "I5 only failed refunds are owed", order, sale)


def _checked_copy(order: Row, sale: Row | None) -> Row:
    """The row with payments' copy of an order, which equals the order."""
    hold(sale is not None, "I4 payments has every order", order)
    assert sale is not None
    for name in ("status", "total", "currency", "version", "expiresAt", "userId"):
        hold(sale["order"][name] == order[name], f"I4 payments' copy has the order's {name}", order, sale)
    return sale


def _check_ticket(state: Snapshot, ticket_id: str, row: Row) -> None:
    facts, inventory = row["ticket"], state.inventories.get(ticket_id)
    hold(inventory is not None, "I4 orders has every ticket", facts)
    assert inventory is not None
    for name in ("title", "price", "currency", "quantity", "sellerId", "startsAt", "venue", "city"):
        hold(inventory[name] == facts[name], f"I4 orders' copy has the ticket's {name}", facts, inventory)
    hold(inventory["ticketVersion"] == facts["version"], "I4 orders' copy is the latest", facts, inventory)
    hold(inventory["listed"] == (facts["state"] == "listed"), "I4 orders' copy has what is withdrawn", facts)
    for name in ("held", "sold", "inventoryVersion"):
        hold(row[name] == inventory[name], f"I4 tickets' copy has the inventory's {name}", row, inventory)
    started = facts["startsAt"] is not None and facts["startsAt"] <= state.now.isoformat()[:19]
    for_sale = facts["state"] == "listed" and facts["quantity"] > row["held"] + row["sold"] and not started
    if not started:
        hold(("shelf" in row) == for_sale, "the indexes list what is for sale", row)


def _check_promises(state: Snapshot) -> None:
    """A response to a user stays true."""
    hold(not state.unexpected_responses, "responses are as expected", *state.unexpected_responses)
    hold(not state.server_errors, "no request fails without a fault", *state.server_errors)
    for placed in state.promised:
        order = state.orders.get(placed.id)
        hold(order is not None, "an order in a response exists", placed)
        assert order is not None
        promised = placed.buyer, placed.ticket, placed.quantity, placed.total
        stored = order["userId"], order["ticket"]["id"], order["quantity"], order["total"]
        hold(promised == stored, "an order is as in the response to its buyer", placed, order)
    users = [row for row in state.rows("auth") if row["pk"].startswith("USER#")]
    emails = [row["email"] for row in users if "email" in row]  # a deleted user has none
    hold(len(set(emails)) == len(emails), "an email address has one account", emails)


def _check_secrecy(state: Snapshot) -> None:
    rows = json.dumps([state.rows(service) for service in ("orders", "payments", "tickets")])
    hold("_secret_" not in rows, "no row holds a client secret")


def _check_mails(state: Snapshot) -> None:
    if state.mails is not None:
        rows = state.rows("notifications")
        broken = broken_mail(rows, state.orders, state.sales, state.mails, state.faults)
        hold(broken is None, str(broken))
        addressed = json.dumps(rows)
        hold("@" not in addressed, "no row of notifications has an address")


def hold(holds: bool, invariant: str, *shown: Any) -> None:
    """Raises Broken, with rows that show why, where an invariant does not hold."""
    if not holds:
        raise Broken(f"{invariant}: {' | '.join(map(_short, shown))}")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if name not in ("event", "request")}
    return str(value)
