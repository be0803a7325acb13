"""Generates the steps of a history: users who sell, users who buy, and all the ways in which they do."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from tests.simulation.steps import Step

SELLERS, BUYERS = ("maren", "ben"), ("ann", "cy", "dee", "eli")
FIRST, LAST = 4.0, 260.0  # seconds after noon between which purchases begin
HOLD_SECONDS = 60
AROUND_ORDER = -1.2, 1.2  # seconds: an edit that meets an order
PRICE, QUANTITY, WORDS = range(3)  # kinds of edits
PROPAGATION = 0.1, 1.2  # seconds after an edit in which orders consumes its event

ENDINGS = {  # of a purchase, by weight
    "pays": 40,
    "pays after a decline": 8,
    "pays after a challenge": 9,
    "fails the challenge": 3,
    "pays late": 8,
    "pays at expiry": 6,
    "pays twice at once": 5,
    "extends and pays": 6,
    "leaves before paying": 7,
    "leaves the payment form": 5,
    "cancels": 4,
    "cancels while paying": 5,
}


@dataclass(frozen=True, slots=True)
class Day:
    """What a history is mostly about. Short ones with little else in them find what a long one hides."""

    tickets: tuple[int, int]
    purchases: tuple[int, int]
    edit_bursts: float  # the share of sellers who edit many times in a row
    dashboard: dict[str, int]  # what an operator does in Stripe's dashboard, by weight
    endings: dict[str, int]
    edits: int = 0  # by the seller around each order
    units: tuple[int, ...] = (1, 1, 1, 2, 3, 6)
    cards: tuple[str, ...] = ("visa",)  # that pay
    starts_soon: float = 0.15  # the share of tickets whose event starts during the history


USUAL = Day((2, 4), (5, 14), 0.3, {"nothing": 86, "refund": 8, "cancel": 3, "capture": 3}, ENDINGS)
SIMPLE = {"pays": 40, "leaves before paying": 40, "cancels": 20}
EDITED = Day((1, 1), (3, 5), 0.2, {"nothing": 1}, SIMPLE, edits=8, units=(3, 6))
HARD = {"pays": 20, "pays after a decline": 40, "pays twice at once": 15, "pays at expiry": 15}
DASHBOARD = Day((1, 2), (3, 6), 0.0, {"nothing": 40, "refund": 12, "cancel": 30, "capture": 18}, HARD)
REFUNDED = Day(
    (1, 2),
    (3, 6),
    0.0,
    {"nothing": 25, "refund": 30, "refund twice": 15, "refund half": 10, "dispute": 15, "capture": 5},
    {"pays": 50, "pays late": 15, "extends and pays": 25, "cancels while paying": 10},
    cards=("visa", "refundFail", "pendingRefund"),
    starts_soon=0.5,
)
DAYS = (USUAL, EDITED, DASHBOARD, REFUNDED)

DECLINED = ("chargeDeclined", "chargeDeclinedInsufficientFunds", "visa_chargeDeclinedLostCard")


def generate(seed: int) -> list[Step]:
    """The steps of the history `seed`, sorted by time."""
    generator = _Generator(Random(seed), count(1), DAYS[seed % len(DAYS)])
    return sorted(generator.history(), key=lambda step: step.at)


@dataclass
class _Generator:
    random: Random
    numbers: Iterator[int]
    day: Day

    def history(self) -> Iterator[Step]:
        for name in SELLERS + BUYERS:
            yield self._step(self.random.uniform(0, 2), name, "signs up")
        tickets = [self._listing() for _ in range(self.random.randint(*self.day.tickets))]
        yield from tickets
        for ticket in tickets:
            yield from self._changes(ticket)
        for _ in range(self.random.randint(*self.day.purchases)):
            yield from self._purchase(self.random.choice(tickets))
        for _ in range(self.random.randint(0, 3)):
            at, user = self.random.uniform(FIRST, LAST), self.random.choice(BUYERS)
            yield self._step(at, user, "browses", q=self.random.choice(("Ticket", "rott", "nothing")))
        for action in ("verifies address", "recovers account"):
            if self.random.random() < 0.4:
                yield self._step(self.random.uniform(FIRST, LAST), self.random.choice(BUYERS), action)

    def _step(self, at: float, user: str, action: str, about: Step | None = None, **params: Any) -> Step:
        return Step(next(self.numbers), round(at, 2), user, action, about.number if about else None, params)

    def _listing(self) -> Step:
        params: dict[str, Any] = {
            "price": self.random.randint(50, 9_000),
            "quantity": self.random.choice(self.day.units),
        }
        if self.random.random() < self.day.starts_soon:
            params["starts_in"] = self.random.randint(60, 300)
        early = self.random.random() < 0.8
        at = self.random.uniform(2, FIRST) if early else self.random.uniform(FIRST, 120)
        return self._step(at, self.random.choice(SELLERS), "lists", **params)

    def _changes(self, ticket: Step) -> Iterator[Step]:
        """The seller's edits and withdrawal of a ticket."""
        if self.random.random() < self.day.edit_bursts:
            yield from self._edit_burst(ticket)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            yield self._edit(self.random.uniform(ticket.at, LAST), ticket)
        if self.random.random() < 0.12:
            yield self._step(self.random.uniform(ticket.at, LAST), ticket.user, "withdraws", ticket)

    def _edit_burst(self, ticket: Step) -> Iterator[Step]:
        """Many edits within seconds, and orders just when the orders service consumes their events."""
        start = self.random.uniform(ticket.at, LAST)
        for _ in range(self.random.randint(4, 9)):
            kind = self.random.choice((PRICE, PRICE, QUANTITY, None))
            edit = self._edit(start + self.random.uniform(0, 8), ticket, kind)
            yield edit
            if self.random.random() < 0.7:
                at, user = edit.at + self.random.uniform(*PROPAGATION), self.random.choice(BUYERS)
                order = self._step(at, user, "orders", ticket, quantity=1)
                yield order
                yield from self._end(order)

    def _edit(self, at: float, ticket: Step, kind: int | None = None) -> Step:
        edits: tuple[dict[str, Any], ...] = (
            {"price": self.random.randint(50, 9_000)},
            {"quantity": self.random.randint(1, 8)},
            {"title": f"Better ticket at {at:.2f}"},
            {"city": None, "venue": "Halcyon Hall"},
        )
        params = self.random.choice(edits) if kind is None else edits[kind]
        return self._step(at, ticket.user, "edits", ticket, **params)

    def _purchase(self, ticket: Step) -> Iterator[Step]:
        user = self.random.choice(BUYERS if self.random.random() < 0.95 else SELLERS)
        at = self.random.uniform(max(FIRST, ticket.at), max(FIRST, ticket.at) + (LAST - FIRST))
        quantity = min(self.random.choice((1, 1, 1, 2, 3)), ticket.params["quantity"])
        params: dict[str, Any] = {"quantity": quantity, "looks": self.random.random() < 0.5}
        if self.random.random() < 0.7:
            params["key"] = next(self.numbers)
        order = self._step(at, user, "orders", ticket, **params)
        yield order
        for _ in range(self.day.edits):
            kind = self.random.choice((WORDS, WORDS, PRICE, QUANTITY))
            yield self._edit(max(ticket.at, at + self.random.uniform(*AROUND_ORDER)), ticket, kind)
        if "key" in params and self.random.random() < 0.2:  # a double click
            yield self._step(at + self.random.uniform(0, 0.6), user, "orders", ticket, **params)
        if self.random.random() < 0.3:  # a competing order
            other = self.random.choice([each for each in BUYERS if each != user])
            yield self._step(at + self.random.uniform(0, 0.3), other, "orders", ticket, quantity=1)
        paid_at = yield from self._end(order)
        button = self._weighted(self.day.dashboard)
        if button != "nothing":
            delay = self.random.choice((self.random.uniform(0, 3), self.random.uniform(0, 90)))
            yield from self._change_at_stripe(order, paid_at + delay, button)

    def _change_at_stripe(self, order: Step, at: float, button: str) -> Iterator[Step]:
        """What an operator or the buyer's bank does to a payment."""
        if button == "dispute":
            yield self._step(at, order.user, "disputes", order)
            return
        times = 2 if button == "refund twice" else 1
        for _ in range(times):
            yield self._step(at, "operator", "presses", order, press=button.removesuffix(" twice"))
            at += self.random.uniform(6, 30)  # after the first has failed, if it does

    def _end(self, order: Step) -> Generator[Step, None, float]:
        """How a purchase ends; returns when it may have been paid."""
        opened = order.at + self.random.uniform(1.5, 8)
        confirmed = opened + self.random.uniform(1.5, 12)
        ending = self._weighted(self.day.endings)
        if ending not in ("leaves before paying", "cancels"):
            yield self._step(opened, order.user, "pays", order)
        match ending:
            case "pays after a decline":
                confirmed = yield from self._confirm_twice(order, confirmed)
            case "extends and pays":
                confirmed = yield from self._extend(order, confirmed)
            case "pays twice at once":
                yield from self._confirm_in_two_tabs(order, opened, confirmed)
            case "cancels" | "cancels while paying":
                at = confirmed + self.random.uniform(-0.5, 1.5)
                yield self._step(at, order.user, "cancels", order)
                if ending == "cancels while paying":
                    yield self._confirm(order, confirmed)
            case "pays after a challenge" | "fails the challenge":
                passes = ending != "fails the challenge"
                yield self._confirm(order, confirmed, card="authenticationRequired", passes=passes)
            case "pays" | "pays late" | "pays at expiry":
                confirmed = self._confirmed_at(ending, order, confirmed)
                yield self._confirm(order, confirmed)
        if self.random.random() < 0.4:
            yield self._step(confirmed + self.random.uniform(0, 40), order.user, "looks at", order)
        return confirmed

    def _confirm(self, order: Step, at: float, card: str | None = None, **params: Any) -> Step:
        card = card or self.random.choice(self.day.cards)
        return self._step(at, order.user, "confirms", order, card=card, **params)

    def _confirmed_at(self, ending: str, order: Step, usual: float) -> float:
        if ending == "pays":
            return usual
        least, most = (0.5, 30) if ending == "pays late" else (-3, 4)
        return order.at + HOLD_SECONDS + self.random.uniform(least, most)

    def _confirm_in_two_tabs(self, order: Step, opened: float, confirmed: float) -> Iterator[Step]:
        yield self._confirm(order, confirmed)
        yield self._step(opened + self.random.uniform(0, 0.5), order.user, "pays", order)
        yield self._confirm(order, confirmed + self.random.uniform(0, 0.5), card="mastercard")

    def _confirm_twice(self, order: Step, at: float) -> Generator[Step, None, float]:
        """A declined card, then another; returns when the second is confirmed."""
        yield self._confirm(order, at, card=self.random.choice(DECLINED))
        at += self.random.choice((self.random.uniform(0.5, 4), self.random.uniform(1, 30)))
        yield self._confirm(order, at)
        return at

    def _extend(self, order: Step, at: float) -> Generator[Step, None, float]:
        """One to three extensions, then a payment; returns when it is confirmed."""
        extended = order.at
        for _ in range(self.random.randint(1, 3)):
            at = max(at, extended + self.random.uniform(10, 57))
            yield self._step(at, order.user, "extends", order)
            extended = at
        at += self.random.uniform(1, 70)
        yield self._confirm(order, at)
        return at

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]
