"""Many histories in a row, with progress, until the time is up or enough of them broke."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.patching import simulated_runtime
from tests.simulation.engines import differences
from tests.simulation.history import play
from tests.simulation.report import Report, story
from tests.simulation.shrink import Shrinking

PROGRESS_SECONDS = 10.0


@dataclass
class Run:
    """Histories from the seed `first` on, for `seconds`; `say` is told how it goes."""

    seconds: float
    first: int = 0
    histories: int = 1_000_000
    max_broken: int = 3  # histories
    shrinks: bool = True
    compares: int = 0  # every so many histories, one is played on moto too; 0: none
    say: Callable[[str], None] = lambda line: None
    clock: Callable[[], float] = time.monotonic

    def run(self) -> Report:
        report = Report()
        started = told = self.clock()
        with simulated_runtime() as runtime:
            for seed in range(self.first, self.first + self.histories):
                now = self.clock()
                if now - started > self.seconds or len(report.broken) >= self.max_broken:
                    break
                if now - told > PROGRESS_SECONDS:
                    told = now
                    self.say(f"{now - started:5.0f} s  seed {seed}: {report.line}")
                outcome = play(seed, runtime)
                report.add(outcome)
                if self.compares and seed % self.compares == 0:
                    report.compare(seed, differences(seed, runtime))
                if outcome.broken and self.shrinks:
                    self.say(f"seed {seed} broke: {outcome.broken.invariant}; shrinking it")
                    self.say(story(Shrinking(outcome, runtime).run()))
        report.seconds = self.clock() - started
        return report
