"""A step: one thing that somebody does at some time. A history is a list of them, and of what goes wrong."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`on` is the step that made what this one is about, a ticket or an order, if it did."""

    id: int
    at: float  # seconds after noon
    who: str
    act: str
    on: int | None = None
    what: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"#{self.id} {self.who} {self.act}"

    def __str__(self) -> str:
        about = f" #{self.on}" if self.on is not None else ""
        how = "".join(f" {name}={value}" for name, value in self.what.items())
        return f"{self.at:7.1f} s  #{self.id:<3} {self.who} {self.act}{about}{how}"
