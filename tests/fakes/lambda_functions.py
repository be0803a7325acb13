"""Lambda functions: the product's own handlers, each invocation in a process that can die."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from local.stripe.faults import Crash
from tests.fakes.processes import ProcessPool
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock


class InvocationFailed(Exception):
    """An invocation ended without a response: its process crashed, timed out, or its handler raised."""

    @property
    def raised(self) -> bool:
        """Whether the handler raised an exception of its own: no fault was injected."""
        return not isinstance(self.__cause__, Crash)


@dataclass
class Invocation:
    """One run of a handler, and the Lambda context that it gets.

    Its `name` follows from its cause; its calls and ids are named after it.
    """

    name: str
    ends: float
    clock: VirtualClock
    random: SeededRandom
    calls: int = 0
    ids: int = 0

    @property
    def function(self) -> str:
        """The function's name, such as "orders.api"."""
        return self.name.partition(" ")[0]

    def next_call(self, operation: str) -> str:
        """The name of its next call to AWS or Stripe."""
        self.calls += 1
        return f"{self.name} > {self.calls} {operation}"

    def next_id(self) -> str:
        self.ids += 1
        return self.random.uuid(f"{self.name} id {self.ids}")

    def pause(self, seconds: float) -> None:
        """Let virtual time pass. Raises Crash where the function times out."""
        with _own_globals():
            self.clock.sleep(min(seconds, max(0.0, self.ends - self.clock.now)))
        if self.clock.now >= self.ends:
            raise Crash

    # -- the Lambda context --------------------------------------------------------------------------------

    function_name = "simulated"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:simulated"

    @property
    def aws_request_id(self) -> str:
        return str(UUID(self.random.uuid(self.name)))

    def get_remaining_time_in_millis(self) -> int:
        return int((self.ends - self.clock.now) * 1000)


current_invocation: ContextVar[Invocation | None] = ContextVar("current_invocation", default=None)
"""The invocation that the product runs in."""


class LambdaFunction:
    """A function with as many warm processes as ever ran at once."""

    def __init__(
        self, name: str, timeout: float, processes: ProcessPool, clock: VirtualClock, random: SeededRandom
    ) -> None:
        self.name = name
        self._timeout, self._processes, self._clock, self._random = timeout, processes, clock, random
        self.timed_out: list[str] = []

    def invoke(self, event: dict[str, Any], cause: str) -> Any:
        """The handler's response, after the time it takes. Raises InvocationFailed."""
        name = f"{self.name} [{cause}]"
        invocation = Invocation(name, self._clock.now + self._timeout, self._clock, self._random)
        process = self._processes.acquire(self.name)
        try:
            response = Context().run(_handle, process, event, invocation)
        except Crash as crash:
            if self._clock.now >= invocation.ends:
                self.timed_out.append(name)
            raise InvocationFailed(f"{name} crashed") from crash
        except Exception as error:  # as Lambda's runtime does
            self._processes.release(self.name, process)
            raise InvocationFailed(f"{name} raised {error!r}") from error
        self._processes.release(self.name, process)
        return response


def _handle(process: ModuleType, event: dict[str, Any], invocation: Invocation) -> Any:
    current_invocation.set(invocation)
    return process.handler(event, invocation)


@contextmanager
def _own_globals() -> Iterator[None]:
    """Powertools stores the request in a global of the process; here many processes share one."""
    saved = BaseRouter.current_event, BaseRouter.lambda_context
    try:
        yield
    finally:
        BaseRouter.current_event, BaseRouter.lambda_context = saved
