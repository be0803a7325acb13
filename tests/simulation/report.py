"""The report of a run: how many histories, orders and faults, and the histories that broke an invariant."""

from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.outages import Outage
from tests.simulation.history import Outcome


@dataclass
class Report:
    """The sum of the outcomes so far."""

    seconds: float = 0.0
    histories: int = 0
    steps: int = 0
    calls: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    outages: Counter[str] = field(default_factory=Counter)  # histories, by the outage
    paid_during_outages: Counter[str] = field(default_factory=Counter)  # orders, by their status
    broken: list[Outcome] = field(default_factory=list)
    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.histories += 1
        self.steps += len(outcome.steps)
        self.calls += outcome.calls
        self.orders += outcome.orders
        self.faults += outcome.fault_counts
        self.paid_during_outages += outcome.paid_during_outage
        if outcome.outage:
            self.outages[named(outcome.outage)] += 1
        if outcome.broken:
            self.broken.append(outcome)

    def add_comparison(self, seed: int, differences: list[str]) -> None:
        """One history was played on both engines."""
        self.compared += 1
        self.differences += [f"seed {seed} ends differently on moto: {each}" for each in differences]

    @property
    def completed(self) -> float:
        """The share of orders that were paid, out of one."""
        paid = self.orders["completed"] + self.orders["refunded"]
        return paid / max(1, self.orders.total())

    @property
    def summary(self) -> str:
        return (
            f"{self.histories:,} histories, {self.steps:,} steps, {self.calls:,} calls, "
            f"{self.faults.total():,} faults, {self.orders.total():,} orders, "
            f"{self.completed:.0%} of them completed, {len(self.broken)} broken"
        )

    @property
    def outage_summary(self) -> str:
        """How many orders were paid while a dependency was gone, and how they ended."""
        ended = ", ".join(f"{count:,} {status}" for status, count in self.paid_during_outages.most_common())
        return (
            f"{self.outages.total():,} histories with an outage, {self.paid_during_outages.total():,} orders "
            f"paid while it lasted: {ended or 'none'}; what did not complete was not charged"
        )

    def table(self) -> str:
        orders = ", ".join(f"{count:,} {status}" for status, count in self.orders.most_common())
        faults = [f"  {count:>9,}  {kind}" for kind, count in sorted(self.faults.items())]
        return "\n".join(
            [
                f"{self.seconds:.0f} s: {self.summary}",
                f"orders: {orders}",
                "faults:",
                *faults,
                "outages:",
                *(f"  {count:>9,}  {name}" for name, count in sorted(self.outages.items())),
                f"on moto too: {self.compared} histories, {len(self.differences)} differences",
                *self.differences,
                self.outage_summary,
            ]
        )


def named(outage: Outage) -> str:
    """An outage in words."""
    minutes = outage.seconds / 60
    lasted = f"{minutes / 60:.0f} h" if minutes >= 60 else f"{minutes:.0f} min"
    return f"{outage.dependency} for {lasted}"


def describe(outcome: Outcome) -> str:
    """A history that broke an invariant: the rows that show it, the steps and the faults."""
    steps = [f"  {step}" for step in outcome.steps]
    faults = [f"  {key}: {kind}" for key, kind in outcome.faults.items()]
    broken = str(outcome.broken).replace(": ", "\n    ", 1).replace(" | ", "\n    ")
    return "\n".join([f"BROKEN (seed {outcome.seed}): {broken}", "steps:", *steps, "faults:", *faults])
