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
AFTERWARDS = {"nothing": 86, "refund": 8, "cancel": 3, "capture": 3}
DECLINED = ("chargeDeclined", "chargeDeclinedInsufficientFunds", "visa_chargeDeclinedLostCard")


def write(seed: int) -> list[Step]:
    """The steps of the history `seed`, in time's order."""
    return sorted(_Author(Random(seed), count(1)).history(), key=lambda step: step.at)


@dataclass
class _Author:
    chance: Random
    numbers: Iterator[int]

    def history(self) -> Iterator[Step]:
        for name in SELLERS + BUYERS:
            yield self._step(self.chance.uniform(0, 2), name, "signs up")
        tickets = [self._offer() for _ in range(self.chance.randint(2, 4))]
        yield from tickets
        for ticket in tickets:
            yield from self._seller(ticket)
        for _ in range(self.chance.randint(5, 14)):
            yield from self._purchase(self.chance.choice(tickets))
        for _ in range(self.chance.randint(0, 3)):
            at, who = self.chance.uniform(OPENS, CLOSES), self.chance.choice(BUYERS)
            yield self._step(at, who, "browses", q=self.chance.choice(("Ticket", "rott", "nothing")))

    def _step(self, at: float, who: str, act: str, on: Step | None = None, **what: Any) -> Step:
        return Step(next(self.numbers), round(at, 1), who, act, on.id if on else None, what)

    def _offer(self) -> Step:
        what: dict[str, Any] = {
            "price": self.chance.randint(50, 9_000),
            "quantity": self.chance.choice((1, 1, 1, 2, 3, 6)),
        }
        if self.chance.random() < 0.15:
            what["starts_in"] = self.chance.randint(60, 300)
        at = self.chance.uniform(2, OPENS) if self.chance.random() < 0.8 else self.chance.uniform(OPENS, 120)
        return self._step(at, self.chance.choice(SELLERS), "lists", **what)

    def _seller(self, ticket: Step) -> Iterator[Step]:
        """What becomes of an offer."""
        if self.chance.random() < 0.3:
            yield from self._restless_seller(ticket)
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            yield self._edit(self.chance.uniform(ticket.at, CLOSES), ticket)
        if self.chance.random() < 0.12:
            yield self._step(self.chance.uniform(ticket.at, CLOSES), ticket.who, "withdraws", ticket)

    def _restless_seller(self, ticket: Step) -> Iterator[Step]:
        """Edit upon edit within seconds, while others buy."""
        begins = self.chance.uniform(ticket.at, CLOSES)
        for _ in range(self.chance.randint(4, 9)):
            yield self._edit(begins + self.chance.uniform(0, 8), ticket)
        for _ in range(self.chance.randint(2, 5)):
            at, who = begins + self.chance.uniform(0, 9), self.chance.choice(BUYERS)
            order = self._step(at, who, "orders", ticket, quantity=1)
            yield order
            yield from self._ending(order)

    def _edit(self, at: float, ticket: Step) -> Step:
        changes: tuple[dict[str, Any], ...] = (
            {"price": self.chance.randint(50, 9_000)},
            {"quantity": self.chance.randint(1, 8)},
            {"title": f"Better ticket {ticket.id}"},
            {"city": None, "venue": "Halcyon Hall"},
        )
        return self._step(at, ticket.who, "edits", ticket, **self.chance.choice(changes))

    def _purchase(self, ticket: Step) -> Iterator[Step]:
        who = self.chance.choice(BUYERS if self.chance.random() < 0.95 else SELLERS)
        at = self.chance.uniform(max(OPENS, ticket.at), max(OPENS, ticket.at) + (CLOSES - OPENS))
        quantity = min(self.chance.choice((1, 1, 1, 2, 3)), ticket.what["quantity"])
        what: dict[str, Any] = {"quantity": quantity}
        if self.chance.random() < 0.7:
            what["key"] = next(self.numbers)
        order = self._step(at, who, "orders", ticket, **what)
        yield order
        if "key" in what and self.chance.random() < 0.2:  # a double click
            yield self._step(at + self.chance.uniform(0, 0.6), who, "orders", ticket, **what)
        if self.chance.random() < 0.3:  # somebody else wants it too
            other = self.chance.choice([each for each in BUYERS if each != who])
            yield self._step(at + self.chance.uniform(0, 0.3), other, "orders", ticket, quantity=1)
        paid = yield from self._ending(order)
        match self._weigh(AFTERWARDS):
            case "nothing":
                return
            case press:
                at = self.chance.uniform(paid, paid + 90)
                yield self._step(at, "office", "presses for", order, press=press)

    def _ending(self, order: Step) -> Iterator[Step]:
        """How a purchase ends; answers when it may have been paid."""
        at, who, chance = order.at, order.who, self.chance
        opened = at + chance.uniform(1.5, 8)
        said = opened + chance.uniform(1.5, 12)

        def step(when: float, act: str, **what: Any) -> Step:
            return self._step(when, who, act, order, **what)

        ending = self._weigh(ENDINGS)
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
                said += chance.uniform(1, 30)
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
