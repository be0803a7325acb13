"""Calls of the product to AWS: each takes time, may fail, and is answered by a simulated service."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from local.stripe.faults import Crash
from tests.fakes.aws_errors import AwsError
from tests.fakes.faults import CALL, ONCE, WRITE, FaultInjector, FaultKinds
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.outages import Outage

Response = dict[str, Any]
Service = Callable[[str, dict[str, Any]], Response]
"""Takes an operation and its parameters. Raises AwsError."""

LATENCY = 0.002, 0.025  # seconds, each way
SLOW = 1.0, 7.0
GAVE_UP = 1.0  # seconds after which the SDK has given up on a service that is gone
SLUGGISH = 3.0
ONE_ATTEMPT = {"SendEmail"}  # which the SDK makes of these calls
TRANSACTIONS = {"TransactWriteItems"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem"} | TRANSACTIONS


class AwsCalls:
    """Every call takes time both ways: others act before it takes effect, and before its reply arrives."""

    def __init__(
        self, services: Mapping[str, Service], injector: FaultInjector, outage: Outage | None = None
    ) -> None:
        self.made: list[str] = []
        self._services, self._injector, self._outage = services, injector, outage

    def call(self, service: str, operation: str, params: dict[str, Any]) -> Response:
        """Raises AwsError, a connection error or Crash."""
        invocation = current_invocation.get()
        assert invocation is not None, f"{operation} outside of an invocation"
        name = invocation.next_call(operation)
        self.made.append(name)
        if self._outage and self._outage.fails(service, invocation.function, invocation.clock.now):
            invocation.pause(GAVE_UP)
            raise EndpointConnectionError(endpoint_url=f"https://{service}")
        if self._outage and self._outage.slows(invocation.function, invocation.clock.now):
            invocation.pause(SLUGGISH)
        fault = self._injector.aws_fault(name, fault_kinds(operation))
        slow = invocation.random.between(*SLOW, f"slow {name}") if fault == "slow" else 0.0
        invocation.pause(slow + invocation.random.between(*LATENCY, f"there {name}"))
        _fail_before(fault, operation, params)
        outcome = self._attempt(service, operation, params)
        invocation.pause(invocation.random.between(*LATENCY, f"back {name}"))
        match fault:
            case "crash after":
                raise Crash
            case "sent twice" | "reply lost" if operation not in ONE_ATTEMPT:
                outcome = self._attempt(service, operation, params)
        if fault == "reply lost":
            raise ConnectionClosedError(endpoint_url=f"https://{service}")
        if isinstance(outcome, AwsError):
            raise outcome
        return outcome

    def _attempt(self, service: str, operation: str, params: dict[str, Any]) -> Response | AwsError:
        try:
            return self._services[service](operation, params)
        except AwsError as error:
            return error


def fault_kinds(operation: str) -> FaultKinds:
    """The kinds of faults that a call can have."""
    if operation in ONE_ATTEMPT:
        return ONCE
    return WRITE if operation in WRITES else CALL


def _fail_before(fault: str | None, operation: str, params: dict[str, Any]) -> None:
    """Raise the error of a call that has no effect."""
    match fault:
        case "crash before":
            raise Crash
        case "throttled":
            raise AwsError("ThrottlingException", "Rate exceeded")
        case "conflict":
            raise _conflict(operation, params)


def _conflict(operation: str, params: dict[str, Any]) -> AwsError:
    """Another transaction locks the row."""
    if operation not in TRANSACTIONS:
        return AwsError("TransactionConflictException", "Transaction is ongoing for the item")
    reasons = [{"Code": "None"} for _ in params["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return AwsError("TransactionCanceledException", "Transaction cancelled", CancellationReasons=reasons)
