"""What a run of many histories shows: how many, of what, what went wrong in them, and what broke."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.history import Outcome


@dataclass
class Report:
    """The sum of all outcomes so far."""

    seconds: float = 0.0
    histories: int = 0
    steps: int = 0
    calls: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[Outcome] = field(default_factory=list)
    compared: int = 0
    unequal: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.histories += 1
        self.steps += len(outcome.steps)
        self.calls += outcome.calls
        self.orders += outcome.orders
        self.faults += outcome.count
        if outcome.broken:
            self.broken.append(outcome)

    def compare(self, seed: int, differences: list[str]) -> None:
        """One history was played on both engines."""
        self.compared += 1
        self.unequal += [f"seed {seed} ends otherwise on moto: {each}" for each in differences]

    @property
    def completed(self) -> float:
        """The share of orders that were paid, out of one."""
        paid = self.orders["completed"] + self.orders["refunded"]
        return paid / max(1, self.orders.total())

    @property
    def line(self) -> str:
        return (
            f"{self.histories:,} histories, {self.steps:,} steps, {self.calls:,} calls, "
            f"{self.faults.total():,} faults, {self.orders.total():,} orders, "
            f"{self.completed:.0%} of them completed, {len(self.broken)} broken"
        )

    def table(self) -> str:
        orders = ", ".join(f"{count:,} {status}" for status, count in self.orders.most_common())
        faults = [f"  {count:>9,}  {kind}" for kind, count in sorted(self.faults.items())]
        engines = f"on moto too: {self.compared} histories, {len(self.unequal)} differences"
        return "\n".join(
            [
                f"{self.seconds:.0f} s: {self.line}",
                f"orders: {orders}",
                "faults:",
                *faults,
                engines,
                *self.unequal,
            ]
        )


def story(outcome: Outcome) -> str:
    """A broken history, told."""
    steps = [f"  {step}" for step in outcome.steps]
    struck = [f"  {occasion}: {kind}" for occasion, kind in outcome.struck.items()]
    broken = str(outcome.broken).replace(": ", "\n    ", 1).replace(" | ", "\n    ")
    return "\n".join(
        [f"BROKEN (seed {outcome.seed}): {broken}", "what people do:", *steps, "what goes wrong:", *struck]
    )
