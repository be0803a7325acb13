"""A fuzzing run: schemathesis makes requests of docs/openapi.json, every answer is held against it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.checks import Failure
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.engine import events, from_schema

from tests.fuzz.targets import Target
from tests.support.templates import ROOT

DOCUMENT = ROOT / "docs/openapi.json"
REFUSED = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"]
CHECKS: dict[str, dict[str, Any]] = {
    "not_a_server_error": {"enabled": True},
    "status_code_conformance": {"enabled": True},
    "content_type_conformance": {"enabled": True},
    "response_headers_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True},
    "negative_data_rejection": {"enabled": True, "expected-statuses": REFUSED},
    "ignored_auth": {"enabled": True},
    "unsupported_method": {"enabled": True},
}
STATIC = "/api/openapi.json"  # a file on S3, behind no function
PROGRESS_SECONDS = 10.0


@dataclass
class Report:
    """What was asked and answered."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: dict[str, set[int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)  # what, and a request that shows it

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def faults(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)

    @property
    def line(self) -> str:
        return (
            f"{self.requests:,} requests to {len(self.operations)} operations, "
            f"{self.faults} answers of 500 and above, {len(self.failures)} answers that are not as documented"
        )

    def table(self) -> str:
        answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(self.statuses.items()))
        failures = [f"{what}\n  {request}" for what, request in self.failures.items()]
        return "\n".join([f"{self.seconds:.0f} s: {self.line}", f"answers: {answers}", *failures])


def fuzz(
    target: Target,
    seed: int,
    examples: int,
    phases: tuple[str, ...] = ("coverage", "fuzzing", "stateful"),
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """`examples` requests to each operation, and each edge of its parameters once. Furnishes the target."""
    target.furnish(seed)
    report, started = Report(), time.monotonic()
    told = started
    for event in from_schema(_schema(target, seed, examples, phases)).execute():
        if isinstance(event, events.ScenarioFinished):
            _add(report, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            report.failures[str(getattr(event, "info", event))] = ""
        if (now := time.monotonic()) - told > PROGRESS_SECONDS:
            told = now
            say(f"{now - started:5.0f} s  {report.line}")
    report.seconds = time.monotonic() - started
    return report


def _schema(target: Target, seed: int, examples: int, phases: tuple[str, ...]) -> schemathesis.BaseSchema:
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": target.url,
            "auth": {"openapi": {"session": {"api_key": target.session}}},
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "checks": {"enabled": False, **CHECKS},
            "phases": {"enabled": False, **{name: {"enabled": True} for name in phases}},
            "generation": {
                "mode": "all",
                "max-examples": examples,
                "deterministic": True,
                "with-security-parameters": False,
            },
        }
    )
    schema = schemathesis.openapi.from_path(DOCUMENT, config=config).exclude(path=STATIC)

    @schema.hook
    def map_path_parameters(context: HookContext, path_parameters: Any) -> Any:
        return target.in_path(context.operation.path, path_parameters)

    @schema.hook
    def map_body(context: HookContext, body: Any) -> Any:
        return target.in_body(body)

    @schema.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
        """A name given twice in a query counts once, the last: no refusal is to be expected."""
        twice = any(isinstance(value, list) for value in (case.query or {}).values())
        return not (isinstance(failure, AcceptedNegativeData) and twice)

    return schema


def _add(report: Report, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            status = interaction.response.status_code
            report.statuses[status] += 1
            report.operations.setdefault(recorder.cases[id].value.operation.label, set()).add(status)
    for id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                response = recorder.interactions[id].response
                shown = f"{check.failure_info.code_sample} → {response and response.content[:300]!r}"
                report.failures.setdefault(f"{failure.operation}: {failure.title}: {failure.message}", shown)
