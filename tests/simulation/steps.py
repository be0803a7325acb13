"""A step: one action of one user at one time. A history is a list of steps and of faults."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`about` is the number of the step that made the ticket or the order that this one is about."""

    number: int
    at: float  # seconds after noon
    user: str
    action: str
    about: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"#{self.number} {self.user} {self.action}"

    def __str__(self) -> str:
        about = f" #{self.about}" if self.about is not None else ""
        params = "".join(f" {name}={value}" for name, value in self.params.items())
        return f"{self.at:7.1f} s  #{self.number:<3} {self.user} {self.action}{about}{params}"
