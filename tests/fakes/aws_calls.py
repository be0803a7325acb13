"""Calls to AWS: what product code asks of boto3 is answered here, and here it goes wrong."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ConnectionClosedError

from local.stripe.faults import Crash
from tests.fakes.aws_errors import AwsError
from tests.fakes.faults import CALL, WRITE, FaultInjector, FaultKinds
from tests.fakes.lambda_functions import current_invocation

Answer = dict[str, Any]
Service = Callable[[str, dict[str, Any]], Answer]

LATENCY = 0.002, 0.025  # seconds, each way
SLOW = 1.0, 7.0
TRANSACTIONS = {"TransactWriteItems"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem"} | TRANSACTIONS


class AwsCalls:
    """Every call takes time both ways: others act before it takes effect, and before it is answered."""

    def __init__(self, services: dict[str, Service], injector: FaultInjector) -> None:
        self.made: list[str] = []
        self._services, self._injector = services, injector

    def call(self, service: str, operation: str, asked: dict[str, Any]) -> Answer:
        """Raises AwsError, a connection error or Crash."""
        invocation = current_invocation.get()
        assert invocation is not None, f"{operation} outside of an invocation"
        name = invocation.next_call(operation)
        self.made.append(name)
        kind = self._injector.of_aws(name, danger(operation))
        slow = invocation.random.between(*SLOW, f"slow {name}") if kind == "slow" else 0.0
        invocation.pause(slow + invocation.random.between(*LATENCY, f"there {name}"))
        match kind:
            case "crash before":
                raise Crash
            case "throttled":
                raise AwsError("ThrottlingException", "Rate exceeded")
            case "conflict":
                raise _conflict(operation, asked)
        outcome = self._attempt(service, operation, asked)
        invocation.pause(invocation.random.between(*LATENCY, f"back {name}"))
        match kind:
            case "crash after":
                raise Crash
            case "sent twice" | "reply lost":
                outcome = self._attempt(service, operation, asked)
        if kind == "reply lost":
            raise ConnectionClosedError(endpoint_url=f"https://{service}")
        if isinstance(outcome, AwsError):
            raise outcome
        return outcome

    def _attempt(self, service: str, operation: str, asked: dict[str, Any]) -> Answer | AwsError:
        try:
            return self._services[service](operation, asked)
        except AwsError as refused:
            return refused


def danger(operation: str) -> FaultKinds:
    """What may go wrong with a call."""
    return WRITE if operation in WRITES else CALL


def _conflict(operation: str, asked: dict[str, Any]) -> AwsError:
    """Another transaction has the row."""
    if operation not in TRANSACTIONS:
        return AwsError("TransactionConflictException", "Transaction is ongoing for the item")
    reasons = [{"Code": "None"} for _ in asked["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return AwsError("TransactionCanceledException", "Transaction cancelled", CancellationReasons=reasons)
