"""Plays histories one after the other, with progress, until the time is up or enough of them broke."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.patching import simulated_runtime
from tests.simulation.engines import differences
from tests.simulation.history import play
from tests.simulation.report import Report, describe
from tests.simulation.shrink import Shrinking

PROGRESS_SECONDS = 10.0


@dataclass
class Run:
    """Histories from the seed `first` on, for `seconds`; `output` gets the progress, line by line."""

    seconds: float
    first: int = 0
    histories: int = 1_000_000
    max_broken: int = 3
    shrinks: bool = True
    every: int = 1  # plays each so many-th seed
    compare_every: int = 0  # histories, of which one is played on moto too; 0: none
    output: Callable[[str], None] = lambda line: None
    clock: Callable[[], float] = time.monotonic

    def run(self) -> Report:
        report = Report()
        started = reported = self.clock()
        with simulated_runtime() as runtime:
            for seed in range(self.first, self.first + self.histories * self.every, self.every):
                now = self.clock()
                if now - started > self.seconds or len(report.broken) >= self.max_broken:
                    break
                if now - reported > PROGRESS_SECONDS:
                    reported = now
                    self.output(f"{now - started:5.0f} s  seed {seed}: {report.summary}")
                outcome = play(seed, runtime)
                report.add(outcome)
                if self.compare_every and seed % self.compare_every == 0:
                    report.add_comparison(seed, differences(seed, runtime))
                if outcome.broken and self.shrinks:
                    self.output(f"seed {seed} broke: {outcome.broken.invariant}; shrinking it")
                    self.output(describe(Shrinking(outcome, runtime).run()))
        report.seconds = self.clock() - started
        return report
