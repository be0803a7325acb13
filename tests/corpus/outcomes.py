"""Inspects the corpus: what comes of each file, what it costs, and how precise the inspector is."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from delivery import sandbox
from delivery.inspection import inspect
from delivery.model import Reason, Rejected, units_of

from tests.corpus.table import Case, Units

# Runs a reader and reports what it cost. It is a small process, since a child's peak includes its parent's.
_METER = """
import json, resource, subprocess, sys
answer = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]), file=sys.stderr)
sys.stdout.buffer.write(answer)
"""


class Outcome(NamedTuple):
    """What came of a file in so many seconds; for a bomb the processor's, and the reader's peak memory."""

    case: Case
    result: Units | Reason
    seconds: float
    megabytes: float | None = None

    @property
    def right(self) -> bool:
        return self.result == self.case.wanted


def inspected(case: Case) -> Outcome:
    """The whole way, as an uploaded file goes."""
    content = case.make()
    began = time.monotonic()
    result: Units | Reason
    try:
        result = [_text(unit.ticket.codes) for unit in inspect(content)]
    except Rejected as rejected:
        result = rejected.reason
    return Outcome(case, result, time.monotonic() - began)


def measured(case: Case) -> Outcome:
    """A bomb in the reader, with the memory and the processor time that it took."""
    command = [sys.executable, "-S", "-c", _METER, *sandbox.COMMAND]
    done = subprocess.run(
        command, input=case.make(), capture_output=True, env=sandbox.environment(), check=True
    )
    seconds, kilobytes = json.loads(done.stderr)
    result: Units | Reason
    try:
        result = [_text(unit.codes) for unit in units_of(sandbox.pages_of(done.stdout))]
    except Rejected as rejected:
        result = rejected.reason
    return Outcome(case, result, seconds, kilobytes / 1_000)


def _text(codes: tuple[bytes, ...]) -> set[str]:
    return {each.decode() for each in codes}


def report(outcomes: list[Outcome]) -> Iterator[str]:
    """A line for each file, and last the precision."""
    for each in outcomes:
        cost = f"{each.seconds:6.1f} s" + (f" {each.megabytes:6.0f} MB" if each.megabytes else " " * 10)
        yield f"{'ok   ' if each.right else 'WRONG'} {cost}  {each.case.name:45} {_summary(each.result)}"
    wanted = [unit for each in outcomes if isinstance(each.case.wanted, list) for unit in each.case.wanted]
    lost = sum(len(missing(each.case.wanted, each.result)) for each in outcomes)
    invented = sum(len(missing(each.result, each.case.wanted)) for each in outcomes)
    yield (
        f"{len(outcomes)} files, {sum(each.right for each in outcomes)} as wanted; {len(wanted)} units: "
        f"{lost} lost, {invented} invented"
    )


def missing(these: Units | Reason, those: Units | Reason) -> Units:
    """The units of `these` that are not among `those`."""
    others = those if isinstance(those, list) else []
    return [unit for unit in these if unit not in others] if isinstance(these, list) else []


def _summary(result: Units | Reason) -> str:
    return f"{len(result)} units" if isinstance(result, list) else f"rejected: {result}"
