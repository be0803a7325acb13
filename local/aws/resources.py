"""What a deployed template consists of, with ARNs and names resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function, ready to run."""

    name: str  # "orders/Api": the template's folder and the logical id
    arn: str
    physical: str
    handler: str
    path: tuple[Path, ...]  # its code, then its layers
    environment: Mapping[str, str]
    role: str  # ARN
    timeout: int  # seconds
    memory: int  # MB
    template: Path


@dataclass(frozen=True, slots=True)
class Route:
    """One route of an HTTP API; `$default` is both its method and its path."""

    method: str
    path: str
    function: str
    authorized: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """The function that identifies callers."""

    arn: str
    headers: tuple[str, ...]  # the identity source: where one is missing, the response is 401
    cache_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """A service's HTTP API: its routes, and its authorizer if any route has one."""

    service: str
    routes: tuple[Route, ...]
    authorizer: Authorizer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """An event source mapping: a queue or a stream, and the function that consumes it."""

    function: str
    arn: str
    on_failure: str | None
    properties: Mapping[str, Any]

    @property
    def is_queue(self) -> bool:
        return ":sqs:" in self.arn

    @property
    def reports_failures(self) -> bool:
        """Whether the function returns the items that failed (ReportBatchItemFailures)."""
        return "ReportBatchItemFailures" in self.properties.get("FunctionResponseTypes", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rule that invokes a function every so many seconds."""

    name: str
    function: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One deployed template."""

    name: str
    template: Path
    functions: Mapping[str, Function]  # by name
    api: HttpApi | None
    sources: tuple[EventSource, ...]
    schedules: tuple[Schedule, ...]
    tables: Mapping[str, str]  # logical id → name
    table_definitions: Mapping[str, Mapping[str, Any]]  # a table's name → its properties
    outputs: Mapping[str, str]
    roles: Mapping[str, str]  # ARN → logical id
    state_machines: Mapping[str, str]  # a state machine's logical id → its role's ARN
