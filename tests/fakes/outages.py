"""Outages: a dependency that is gone, or slow, for minutes or hours of virtual time."""

from dataclasses import dataclass
from enum import StrEnum

from tests.factories import NOON


class Dependency(StrEnum):
    """What fails. Values are the names of boto3's clients, where there is one."""

    STRIPE = "stripe"
    DYNAMODB = "dynamodb"
    ORDERS_TABLE = "the orders table"  # of orders alone: payments goes on
    EVENTBRIDGE = "events"
    SQS = "sqs"
    PARAMETER_STORE = "ssm"
    SLOW_CONSUMERS = "slow consumers"  # every call of a consumer takes seconds, and batches are full


@dataclass(frozen=True, slots=True)
class Outage:
    """A dependency is gone from `begins`, in seconds after noon, for `seconds`."""

    dependency: Dependency
    begins: float
    seconds: float

    @property
    def ends(self) -> float:
        return self.begins + self.seconds

    def is_on(self, now: float) -> bool:
        """Whether it lasts at a POSIX time."""
        return self.begins <= now - NOON.timestamp() < self.ends

    def fails(self, service: str, function: str, now: float) -> bool:
        """Whether a call of a function ("orders.api") to an AWS service fails."""
        affected = self.dependency == service or (
            self.dependency is Dependency.ORDERS_TABLE
            and service == "dynamodb"
            and function.startswith("orders.")
        )
        return affected and self.is_on(now)

    def slows(self, function: str, now: float) -> bool:
        """Whether a call of a function takes seconds."""
        slow = self.dependency is Dependency.SLOW_CONSUMERS and function.endswith(".consumer")
        return slow and self.is_on(now)
