"""A fuzzing run: schemathesis generates requests from docs/openapi.json and validates the responses."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.engine import events, from_schema

from tests.fuzz.targets import Target
from tests.support.templates import ROOT

DOCUMENT = ROOT / "docs/openapi.json"
CLIENT_ERRORS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"]
CHECKS: dict[str, dict[str, Any]] = {
    "not_a_server_error": {"enabled": True},
    "status_code_conformance": {"enabled": True},
    "content_type_conformance": {"enabled": True},
    "response_headers_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True},
    "negative_data_rejection": {"enabled": True, "expected-statuses": CLIENT_ERRORS},
    "ignored_auth": {"enabled": True},
    "unsupported_method": {"enabled": True},
}
STATIC = "/api/openapi.json"  # a file on S3, behind no function
PROGRESS_SECONDS = 10.0


@dataclass
class Report:
    """The requests and responses of a run."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: dict[str, set[int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)  # a request that shows each

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)

    @property
    def passed(self) -> bool:
        return not self.failures and not self.server_errors

    @property
    def summary(self) -> str:
        return (
            f"{self.requests:,} requests to {len(self.operations)} operations, "
            f"{self.server_errors} responses of 500 and above, {len(self.failures)} not as documented"
        )

    def table(self) -> str:
        statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(self.statuses.items()))
        failures = [f"{failure}\n  {request}" for failure, request in self.failures.items()]
        return "\n".join([f"{self.seconds:.0f} s: {self.summary}", f"responses: {statuses}", *failures])


def fuzz(
    target: Target,
    seed: int,
    examples: int,
    phases: tuple[str, ...] = ("coverage", "fuzzing", "stateful"),
    output: Callable[[str], None] = lambda line: None,
) -> Report:
    """Seed the target, then send `examples` requests to each operation, and each parameter's edge cases."""
    target.seed_data(seed)
    report, started = Report(), time.monotonic()
    reported = started
    for event in from_schema(_schema(target, seed, examples, phases)).execute():
        if isinstance(event, events.ScenarioFinished):
            _add(report, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            report.failures[str(getattr(event, "info", event))] = ""
        if (now := time.monotonic()) - reported > PROGRESS_SECONDS:
            reported = now
            output(f"{now - started:5.0f} s  {report.summary}")
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
        assert context.operation
        return target.with_known_id(context.operation.path, path_parameters)

    @schema.hook
    def map_body(context: HookContext, body: Any) -> Any:
        return target.with_known_ids(body)

    @schema.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
        """The last of two parameters of one name in a query counts: no error is expected."""
        repeated = any(isinstance(value, list) for value in (case.query or {}).values())
        return not (isinstance(failure, AcceptedNegativeData) and repeated)

    return schema


def _add(report: Report, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            status = interaction.response.status_code
            report.statuses[status] += 1
            report.operations.setdefault(recorder.cases[case_id].value.operation.label, set()).add(status)
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                response = recorder.interactions[case_id].response
                shown = f"{check.failure_info.code_sample} → {response and response.content[:300]!r}"
                report.failures.setdefault(f"{failure.operation}: {failure.title}: {failure.message}", shown)
