"""The services' tables in memory, for unit tests of repositories."""

from collections.abc import Callable
from functools import cache
from typing import Any

from tiketz_common import aws
from tiketz_common.rows import Row, pack, unpack

from tests.fakes.aws_errors import AwsError
from tests.fakes.botocore_hook import hook
from tests.fakes.dynamodb import InMemoryDynamoDB
from tests.support.templates import table_properties

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")


class InMemoryTables:
    """The services' tables, empty, each named as its service. `errors` are raised instead of responses."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.errors: list[AwsError] = []
        self._engine = InMemoryDynamoDB({service: table_properties(service) for service in SERVICES})

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        self.calls.append((operation, params))
        if self.errors:
            raise self.errors.pop(0)
        return self._engine.call(operation, params)

    def rows(self, table: str) -> dict[str, Row]:
        """All rows of a table, by `pk`, or by `pk` and `sk` where it has one."""
        rows = map(unpack, self._engine.rows(table))
        return {" ".join(row[key] for key in ("pk", "sk") if key in row): row for row in rows}

    def put(self, table: str, **row: Any) -> None:
        self._engine.call("PutItem", {"TableName": table, "Item": pack(row)})

    def delete(self, table: str, **key: str) -> None:
        self._engine.call("DeleteItem", {"TableName": table, "Key": pack(key)})

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.calls]


Call = Callable[[str, dict[str, Any]], dict[str, Any]]


def partial_batches(call: Call, times: int) -> Call:
    """The first BatchGetItem calls return one row each and leave the others unprocessed."""
    left = [None] * times

    def respond(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem" or not left:
            return call(operation, params)
        left.pop()
        [(table, request)] = params["RequestItems"].items()
        first, *others = request["Keys"]
        response = call(operation, {"RequestItems": {table: {**request, "Keys": [first]}}})
        return {**response, "UnprocessedKeys": {table: {**request, "Keys": others}}}

    return respond


def unprocessed_batches(call: Call) -> Call:
    """No BatchGetItem ever returns a row."""

    def respond(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem":
            return call(operation, params)
        return {"Responses": {}, "UnprocessedKeys": params["RequestItems"]}

    return respond


current: list[InMemoryTables] = []  # the tables that the client calls


@cache
def client() -> Any:
    """The product's client, created once: that takes longer than a test."""
    dynamodb = aws.client.__wrapped__("dynamodb")
    hook(dynamodb, lambda _, operation, params: current[0].call(operation, params))
    return dynamodb
