"""What a day's history is made of: people who sell, people who buy, and all the ways in which they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from tests.simulation.steps import Step

SELLERS, BUYERS = ("maren", "ben"), ("ann", "cy", "dee", "eli")
OPENS, CLOSES = 4.0, 260.0  # seconds after noon between which purchases begin
HOLD = 60.0
AROUND = -1.2, 1.2  # … so that an edit and an order meet wherever they can
PRICE, QUANTITY, WORDS = range(3)  # kinds of edits
HEARD = 0.1, 1.2  # seconds after an edit, when orders hears of it

ENDINGS = {  # of a purchase, by how often
    "pays": 40,
    "pays after a decline": 8,
    "pays after the bank asked": 9,
    "fails the bank's question": 3,
    "pays late": 8,
    "pays when time is up": 6,
    "pays twice at once": 5,
    "extends and pays": 6,
    "closes the tab": 7,
    "closes the payment form": 5,
    "lets go": 4,
    "lets go while paying": 5,
}


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is mostly about. Short days with little else in them find what a long one hides."""

    tickets: tuple[int, int]
    purchases: tuple[int, int]
    restless: float  # how many of the sellers, out of one, edit and edit
    afterwards: dict[str, int]  # what somebody does in Stripe's dashboard, by how often
    endings: dict[str, int]
    edits: int = 0  # by the seller, just when somebody buys
    units: tuple[int, ...] = (1, 1, 1, 2, 3, 6)


USUAL = Day((2, 4), (5, 14), 0.3, {"nothing": 86, "refund": 8, "cancel": 3, "capture": 3}, ENDINGS)
QUICK = {"pays": 40, "closes the tab": 40, "lets go": 20}
EDITED = Day((1, 1), (3, 5), 0.2, {"nothing": 1}, QUICK, edits=8, units=(3, 6))
HARD = {"pays": 20, "pays after a decline": 40, "pays twice at once": 15, "pays when time is up": 15}
MEDDLED = Day((1, 2), (3, 6), 0.0, {"nothing": 40, "refund": 12, "cancel": 30, "capture": 18}, HARD)
DAYS = (USUAL, EDITED, MEDDLED)

DECLINED = ("chargeDeclined", "chargeDeclinedInsufficientFunds", "visa_chargeDeclinedLostCard")


def write(seed: int) -> list[Step]:
    """The steps of the history `seed`, in time's order."""
    author = _Author(Random(seed), count(1), DAYS[seed % len(DAYS)])
    return sorted(author.history(), key=lambda step: step.at)


@dataclass
class _Author:
    chance: Random
    numbers: Iterator[int]
    day: Day

    def history(self) -> Iterator[Step]:
        for name in SELLERS + BUYERS:
            yield self._step(self.chance.uniform(0, 2), name, "signs up")
        tickets = [self._offer() for _ in range(self.chance.randint(*self.day.tickets))]
        yield from tickets
        for ticket in tickets:
            yield from self._seller(ticket)
        for _ in range(self.chance.randint(*self.day.purchases)):
            yield from self._purchase(self.chance.choice(tickets))
        for _ in range(self.chance.randint(0, 3)):
            at, who = self.chance.uniform(OPENS, CLOSES), self.chance.choice(BUYERS)
            yield self._step(at, who, "browses", q=self.chance.choice(("Ticket", "rott", "nothing")))

    def _step(self, at: float, who: str, act: str, on: Step | None = None, **what: Any) -> Step:
        return Step(next(self.numbers), round(at, 2), who, act, on.id if on else None, what)

    def _offer(self) -> Step:
        what: dict[str, Any] = {
            "price": self.chance.randint(50, 9_000),
            "quantity": self.chance.choice(self.day.units),
        }
        if self.chance.random() < 0.15:
            what["starts_in"] = self.chance.randint(60, 300)
        at = self.chance.uniform(2, OPENS) if self.chance.random() < 0.8 else self.chance.uniform(OPENS, 120)
        return self._step(at, self.chance.choice(SELLERS), "lists", **what)

    def _seller(self, ticket: Step) -> Iterator[Step]:
        """What becomes of an offer."""
        if self.chance.random() < self.day.restless:
            yield from self._restless_seller(ticket)
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            yield self._edit(self.chance.uniform(ticket.at, CLOSES), ticket)
        if self.chance.random() < 0.12:
            yield self._step(self.chance.uniform(ticket.at, CLOSES), ticket.who, "withdraws", ticket)

    def _restless_seller(self, ticket: Step) -> Iterator[Step]:
        """Edit upon edit within seconds, and others buy just when orders hears of it."""
        begins = self.chance.uniform(ticket.at, CLOSES)
        for _ in range(self.chance.randint(4, 9)):
            kind = self.chance.choice((PRICE, PRICE, QUANTITY, None))
            edit = self._edit(begins + self.chance.uniform(0, 8), ticket, kind)
            yield edit
            if self.chance.random() < 0.7:
                at, who = edit.at + self.chance.uniform(*HEARD), self.chance.choice(BUYERS)
                order = self._step(at, who, "orders", ticket, quantity=1)
                yield order
                yield from self._ending(order)

    def _edit(self, at: float, ticket: Step, kind: int | None = None) -> Step:
        changes: tuple[dict[str, Any], ...] = (
            {"price": self.chance.randint(50, 9_000)},
            {"quantity": self.chance.randint(1, 8)},
            {"title": f"Better ticket at {at:.2f}"},
            {"city": None, "venue": "Halcyon Hall"},
        )
        what = self.chance.choice(changes) if kind is None else changes[kind]
        return self._step(at, ticket.who, "edits", ticket, **what)

    def _purchase(self, ticket: Step) -> Iterator[Step]:
        who = self.chance.choice(BUYERS if self.chance.random() < 0.95 else SELLERS)
        at = self.chance.uniform(max(OPENS, ticket.at), max(OPENS, ticket.at) + (CLOSES - OPENS))
        quantity = min(self.chance.choice((1, 1, 1, 2, 3)), ticket.what["quantity"])
        what: dict[str, Any] = {"quantity": quantity}
        if self.chance.random() < 0.7:
            what["key"] = next(self.numbers)
        order = self._step(at, who, "orders", ticket, **what)
        yield order
        for _ in range(self.day.edits):
            kind = self.chance.choice((WORDS, WORDS, PRICE, QUANTITY))
            yield self._edit(max(ticket.at, at + self.chance.uniform(*AROUND)), ticket, kind)
        if "key" in what and self.chance.random() < 0.2:  # a double click
            yield self._step(at + self.chance.uniform(0, 0.6), who, "orders", ticket, **what)
        if self.chance.random() < 0.3:  # somebody else wants it too
            other = self.chance.choice([each for each in BUYERS if each != who])
            yield self._step(at + self.chance.uniform(0, 0.3), other, "orders", ticket, quantity=1)
        paid = yield from self._ending(order)
        match self._weigh(self.day.afterwards):
            case "nothing":
                return
            case press:
                at = paid + self.chance.choice((self.chance.uniform(0, 3), self.chance.uniform(0, 90)))
                yield self._step(at, "office", "presses for", order, press=press)

    def _ending(self, order: Step) -> Iterator[Step]:
        """How a purchase ends; answers when it may have been paid."""
        at, who, chance = order.at, order.who, self.chance
        opened = at + chance.uniform(1.5, 8)
        said = opened + chance.uniform(1.5, 12)

        def step(when: float, act: str, **what: Any) -> Step:
            return self._step(when, who, act, order, **what)

        ending = self._weigh(self.day.endings)
        if ending not in ("closes the tab", "lets go"):
            yield step(opened, "pays")
        match ending:
            case "pays" | "pays twice at once":
                yield step(said, "confirms", card="visa")
                if ending == "pays twice at once":
                    yield step(opened + chance.uniform(0, 0.5), "pays")
                    yield step(said + chance.uniform(0, 0.5), "confirms", card="mastercard")
            case "pays after a decline":
                yield step(said, "confirms", card=chance.choice(DECLINED))
                said += chance.choice((chance.uniform(0.5, 4), chance.uniform(1, 30)))
                yield step(said, "confirms", card="visa")
            case "pays after the bank asked" | "fails the bank's question":
                passes = ending != "fails the bank's question"
                yield step(said, "confirms", card="authenticationRequired", passes=passes)
            case "pays late":
                said = at + HOLD + chance.uniform(0.5, 30)
                yield step(said, "confirms", card="visa")
            case "pays when time is up":
                said = at + HOLD + chance.uniform(-3, 4)
                yield step(said, "confirms", card="visa")
            case "extends and pays":
                for _ in range(chance.randint(1, 3)):
                    said = max(said, at + chance.uniform(10, 57))
                    yield step(said, "extends")
                    at = said
                said += chance.uniform(1, 70)
                yield step(said, "confirms", card="visa")
            case "lets go" | "lets go while paying":
                yield step(said + chance.uniform(-0.5, 1.5), "cancels")
                if ending == "lets go while paying":
                    yield step(said, "confirms", card="visa")
        if chance.random() < 0.4:
            yield step(said + chance.uniform(0, 40), "looks at")
        return said

    def _weigh(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]
