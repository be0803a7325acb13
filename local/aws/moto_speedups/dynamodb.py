"""Reads of DynamoDB."""

import base64
import json
from collections.abc import Iterator
from typing import Any

READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}


def serialize_reads_as_they_are() -> None:
    """Write a read's result as JSON directly: it is in the wire's form already.

    Upstream: moto/core/responses.py, `BaseResponse.serialized` walks the service's model, and tries every
    type on every attribute: 3 ms for one row.
    """
    from moto.dynamodb.responses import DynamoHandler

    serialized = DynamoHandler.serialized

    def serialize(self: Any, result: Any) -> Any:
        if self._get_action() not in READS or isinstance(result.result, Exception):
            return serialized(self, result)
        body = {key: value for key, value in result.result.items() if value is not None}
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(body, default=_base64)

    DynamoHandler.serialized = serialize


def project_names_directly() -> None:
    """Take whole attributes by their names.

    Upstream: moto/dynamodb/models/dynamo_type.py, `Item.project` converts the whole row to Python and back
    for every attribute.
    """
    from moto.dynamodb.models.dynamo_type import Item

    project = Item.project

    def project_names(self: Any, paths: list[list[str]]) -> Any:
        if any(len(path) > 1 or "[" in path[0] for path in paths):
            return project(self, paths)
        names = [path[0] for path in paths]
        attributes = {name: self.attrs[name].to_json() for name in names if name in self.attrs}
        return Item(self.hash_key, self.range_key, attributes)

    Item.project = project_names


def query_one_partition() -> None:
    """Consider only the rows with the key that a query names.

    Upstream: moto/dynamodb/models/table.py, `Table.query` sorts the whole table first.
    """
    from moto.dynamodb.models.table import Table

    query = Table.query

    def query_rows(self: Any, hash_key: Any, *args: Any, **kwargs: Any) -> Any:
        index = args[6] if len(args) > 6 else kwargs.get("index_name")
        rows = list(_rows(self) if index else _partition(self, hash_key))
        if index:
            conditions = kwargs.get("hash_key_conditions") or []
            rows = [row for row in rows if _meets(row, conditions)]
        self.all_items = lambda: rows
        try:
            return query(self, hash_key, *args, **kwargs)
        finally:
            del self.all_items

    Table.query = query_rows


def _rows(table: Any) -> Iterator[Any]:
    """All items of a table, in no order."""
    for each in table.items.values():
        yield from each.values() if table.has_range_key else [each]


def _partition(table: Any, hash_key: Any) -> Iterator[Any]:
    if hash_key in table.items:
        yield from table.items[hash_key].values() if table.has_range_key else [table.items[hash_key]]


def _meets(row: Any, conditions: list[tuple[str, Any]]) -> bool:
    return all(name in row.attrs and row.attrs[name] == value for name, value in conditions)


def _base64(value: Any) -> str:
    return base64.b64encode(value).decode()
