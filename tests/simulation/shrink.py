"""Delta debugging: what is left of a failing history when everything that does not matter is taken away."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.fakes.patching import SimulatedRuntime
from tests.simulation.history import Outcome, replay
from tests.simulation.steps import Step

Part = TypeVar("Part")
Partition = Callable[[Sequence[Step]], list[list[Step]]]
ROUNDS = 3


@dataclass
class Shrinking:
    """Looks for less that still breaks the same invariant, until `patience` seconds have passed."""

    failing: Outcome
    runtime: SimulatedRuntime
    patience: float = 60.0

    def run(self) -> Outcome:
        """The smallest failing history found."""
        self._deadline = time.monotonic() + self.patience
        best = self.failing
        assert best.broken is not None
        for _ in range(ROUNDS):
            size = len(best.steps) + len(best.struck)
            best = self._fewer_misfortunes(best)
            best = self._fewer_steps(best, purchases)
            best = self._fewer_steps(best, singly)
            if len(best.steps) + len(best.struck) == size or time.monotonic() > self._deadline:
                break
        return best

    def _fewer_steps(self, best: Outcome, parts: Partition) -> Outcome:
        found = best

        def fails(groups: Sequence[list[Step]]) -> bool:
            nonlocal found
            steps = sorted((step for group in groups for step in group), key=lambda step: step.at)
            outcome = self._try(steps, best.struck)
            found = outcome or found
            return outcome is not None

        ddmin(parts(best.steps), fails, self._over)
        return found

    def _fewer_misfortunes(self, best: Outcome) -> Outcome:
        found = best

        def fails(occasions: Sequence[str]) -> bool:
            nonlocal found
            outcome = self._try(best.steps, {each: best.struck[each] for each in occasions})
            found = outcome or found
            return outcome is not None

        if not fails([]):
            ddmin(list(best.struck), fails, self._over)
        return found

    def _try(self, steps: Sequence[Step], given: dict[str, str]) -> Outcome | None:
        outcome = replay(steps, self.failing.seed, self.runtime, self.failing.rates, given)
        assert self.failing.broken is not None
        same = outcome.broken is not None and outcome.broken.invariant == self.failing.broken.invariant
        return outcome if same else None

    def _over(self) -> bool:
        return time.monotonic() > self._deadline


def purchases(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps with those that are about what they made; a sign-up and a listing stand alone."""
    groups: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: step.id):
        apart = step.on not in groups or groups[step.on][0].act == "lists"
        groups.setdefault(step.id if apart or step.on is None else step.on, []).append(step)
    return list(groups.values())


def singly(steps: Sequence[Step]) -> list[list[Step]]:
    return [[step] for step in steps]


def ddmin(
    parts: list[Part], fails: Callable[[Sequence[Part]], bool], over: Callable[[], bool] = lambda: False
) -> list[Part]:
    """A part of `parts` that still fails and of which (time allowing) no single one can be left out.

    Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
    """
    chunks = 2
    while len(parts) >= 2 and not over():
        size = max(1, len(parts) // chunks)
        starts = range(0, len(parts), size)
        for start in starts:
            rest = parts[:start] + parts[start + size :]
            if over() or fails(rest):
                parts, chunks = (rest, max(chunks - 1, 2)) if not over() else (parts, chunks)
                break
        else:
            if size == 1:
                break
            chunks = min(chunks * 2, len(parts))
    return parts
