"""A DynamoDB in memory that every store of this process asks."""

from collections.abc import Callable
from functools import cache
from typing import Any

from tiketz_common import aws
from tiketz_common.rows import Row, pack, unpack

from tests.fakes.aws_errors import AwsError
from tests.fakes.botocore_hook import hook
from tests.fakes.dynamodb import InMemoryDynamoDB
from tests.support.templates import table_properties

SERVICES = ("auth", "tickets", "orders", "payments", "expiration")


class InMemoryTables:
    """The services' tables, empty, each named as its service. `refusals` come instead of answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[AwsError] = []
        self._engine = InMemoryDynamoDB({service: table_properties(service) for service in SERVICES})

    def call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        self.asked.append((operation, asked))
        if self.refusals:
            raise self.refusals.pop(0)
        return self._engine.call(operation, asked)

    def rows(self, table: str) -> dict[str, Row]:
        """All that a table holds, by `pk`, or by `pk` and `sk` where it has one."""
        rows = map(unpack, self._engine.rows(table))
        return {" ".join(row[key] for key in ("pk", "sk") if key in row): row for row in rows}

    def put(self, table: str, **row: Any) -> None:
        self._engine.call("PutItem", {"TableName": table, "Item": pack(row)})

    def delete(self, table: str, **key: str) -> None:
        self._engine.call("DeleteItem", {"TableName": table, "Key": pack(key)})

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]


Call = Callable[[str, dict[str, Any]], dict[str, Any]]


def in_parts(call: Call, times: int) -> Call:
    """The first batches are answered in part: of what they ask for, one row each."""
    left = [None] * times

    def some(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem" or not left:
            return call(operation, asked)
        left.pop()
        [(table, wanted)] = asked["RequestItems"].items()
        first, *others = wanted["Keys"]
        answer = call(operation, {"RequestItems": {table: {**wanted, "Keys": [first]}}})
        return {**answer, "UnprocessedKeys": {table: {**wanted, "Keys": others}}}

    return some


def unanswered(call: Call) -> Call:
    """No batch is ever answered."""

    def nothing(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem":
            return call(operation, asked)
        return {"Responses": {}, "UnprocessedKeys": asked["RequestItems"]}

    return nothing


here: list[InMemoryTables] = []  # the one that is asked


@cache
def client() -> Any:
    """As product code makes it, but once: that takes longer than a test."""
    made = aws.client.__wrapped__("dynamodb")
    hook(made, lambda _, operation, asked: here[0].call(operation, asked))
    return made
