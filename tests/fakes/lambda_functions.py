"""Lambda functions: the product's own handlers, each invocation a process that can die."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import UUID

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from local.stripe.faults import Crash
from tests.fakes.processes import ProcessPool
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock


class InvocationFailed(Exception):
    """An invocation ended without an answer: its process crashed, ran out of time, or (`faulty`) raised."""

    @property
    def faulty(self) -> bool:
        return not isinstance(self.__cause__, Crash)


@dataclass
class Invocation:
    """One run of a handler. Its `name` follows from what caused it, and what it does is named after it."""

    name: str
    ends: float
    clock: VirtualClock
    random: SeededRandom
    calls: int = 0
    ids: int = 0
    error: Exception | None = field(default=None)

    def next_call(self, operation: str) -> str:
        """The name of its next call to the outside."""
        self.calls += 1
        return f"{self.name} > {self.calls} {operation}"

    def next_id(self) -> str:
        self.ids += 1
        return self.random.uuid(f"{self.name} id {self.ids}")

    def pause(self, seconds: float) -> None:
        """Time passes here and everywhere. Raises Crash where the function's time is over."""
        with _own_globals():
            self.clock.sleep(min(seconds, max(0.0, self.ends - self.clock.now)))
        if self.clock.now >= self.ends:
            raise Crash

    # -- the Lambda context that handlers see ---------------------------------------------------------------

    function_name = "simulated"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:simulated"

    @property
    def aws_request_id(self) -> str:
        return str(UUID(self.random.uuid(self.name)))

    def get_remaining_time_in_millis(self) -> int:
        return int((self.ends - self.clock.now) * 1000)


current_invocation: ContextVar[Invocation | None] = ContextVar("current_invocation", default=None)
"""The invocation that product code runs in."""


class LambdaFunction:
    """A function with as many warm processes as ever ran at once."""

    def __init__(
        self, name: str, timeout: float, processes: ProcessPool, clock: VirtualClock, random: SeededRandom
    ) -> None:
        self.name = name
        self._timeout, self._processes, self._clock, self._random = timeout, processes, clock, random

    def invoke(self, event: dict[str, Any], cause: str) -> Any:
        """What the handler answers, after the time it takes. Raises InvocationFailed."""
        name = f"{self.name} [{cause}]"
        invocation = Invocation(name, self._clock.now + self._timeout, self._clock, self._random)
        process = self._processes.take(self.name)
        try:
            answer = Context().run(_handle, process, event, invocation)
        except Crash as crash:
            raise InvocationFailed(f"{name} crashed") from crash
        except Exception as error:  # as Lambda's runtime does
            self._processes.give_back(self.name, process)
            raise InvocationFailed(f"{name} raised {error!r}") from error
        self._processes.give_back(self.name, process)
        return answer


def _handle(process: ModuleType, event: dict[str, Any], invocation: Invocation) -> Any:
    current_invocation.set(invocation)
    return process.handler(event, invocation)


@contextmanager
def _own_globals() -> Iterator[None]:
    """Powertools keeps the request in a global of the process; here many processes are one."""
    kept = BaseRouter.current_event, BaseRouter.lambda_context
    try:
        yield
    finally:
        BaseRouter.current_event, BaseRouter.lambda_context = kept
