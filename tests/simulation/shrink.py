"""Delta debugging: removes all steps and faults of a broken history that do not matter."""

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
    """Searches for a smaller history that breaks the same invariant, for at most `seconds`."""

    broken: Outcome
    runtime: SimulatedRuntime
    seconds: float = 60.0

    def run(self) -> Outcome:
        """The smallest broken history that was found."""
        self._deadline = time.monotonic() + self.seconds
        best = self.broken
        assert best.broken is not None
        for _ in range(ROUNDS):
            size = len(best.steps) + len(best.faults)
            best = self._remove_faults(best)
            best = self._remove_steps(best, by_purchase)
            best = self._remove_steps(best, one_by_one)
            if len(best.steps) + len(best.faults) == size or self._time_is_up():
                break
        return best

    def _remove_steps(self, best: Outcome, partition: Partition) -> Outcome:
        smallest = best

        def breaks(groups: Sequence[list[Step]]) -> bool:
            nonlocal smallest
            steps = sorted((step for group in groups for step in group), key=lambda step: step.at)
            outcome = self._replay(steps, best.faults)
            smallest = outcome or smallest
            return outcome is not None

        ddmin(partition(best.steps), breaks, self._time_is_up)
        return smallest

    def _remove_faults(self, best: Outcome) -> Outcome:
        smallest = best

        def breaks(keys: Sequence[str]) -> bool:
            nonlocal smallest
            outcome = self._replay(best.steps, {each: best.faults[each] for each in keys})
            smallest = outcome or smallest
            return outcome is not None

        if not breaks([]):
            ddmin(list(best.faults), breaks, self._time_is_up)
        return smallest

    def _replay(self, steps: Sequence[Step], faults: dict[str, str]) -> Outcome | None:
        """The outcome, if it breaks the same invariant."""
        outcome = replay(
            steps, self.broken.seed, self.runtime, self.broken.rates, faults, outage=self.broken.outage
        )
        assert self.broken.broken is not None
        same = outcome.broken is not None and outcome.broken.invariant == self.broken.broken.invariant
        return outcome if same else None

    def _time_is_up(self) -> bool:
        return time.monotonic() > self._deadline


def by_purchase(steps: Sequence[Step]) -> list[list[Step]]:
    """Each order with the steps about it; a sign-up and a listing stand alone."""
    groups: dict[int, list[Step]] = {}
    for step in sorted(steps, key=lambda step: step.number):
        alone = step.about not in groups or groups[step.about][0].action == "lists"
        key = step.number if alone or step.about is None else step.about
        groups.setdefault(key, []).append(step)
    return list(groups.values())


def one_by_one(steps: Sequence[Step]) -> list[list[Step]]:
    return [[step] for step in steps]


def ddmin(
    parts: list[Part],
    breaks: Callable[[Sequence[Part]], bool],
    time_is_up: Callable[[], bool] = lambda: False,
) -> list[Part]:
    """A part of `parts` that still breaks and of which (time allowing) no single one can be left out.

    Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
    """
    chunks = 2
    while len(parts) >= 2 and not time_is_up():
        size = max(1, len(parts) // chunks)
        for start in range(0, len(parts), size):
            rest = parts[:start] + parts[start + size :]
            if time_is_up():
                break
            if breaks(rest):
                parts, chunks = rest, max(chunks - 1, 2)
                break
        else:
            if size == 1:
                break
            chunks = min(chunks * 2, len(parts))
    return parts
