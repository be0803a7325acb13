"""The tables of the in-memory DynamoDB."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.fakes.dynamodb_expressions import Item


class Change(NamedTuple):
    """A changed row, with the images that a stream record has."""

    table: str
    key: Item
    old: Item | None
    new: Item | None


class Table:
    """Rows by their key. A row is never changed in place, so a reader may keep it."""

    def __init__(self, name: str, properties: Mapping[str, Any]) -> None:
        self.name = name
        self.key = [each["AttributeName"] for each in properties["KeySchema"]]
        self.rows: dict[tuple[str, ...], Item] = {}
        self._indexes = {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes", [])}

    def key_of(self, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self.key)

    def keys(self, index: str | None) -> list[str]:
        """The partition key and sort key of an index, or of the table itself."""
        schema = self._indexes[index]["KeySchema"] if index else None
        return [each["AttributeName"] for each in schema] if schema else self.key

    def projected(self, index: str | None, row: Item) -> Item:
        projection = self._indexes[index]["Projection"] if index else {"ProjectionType": "ALL"}
        if projection["ProjectionType"] == "ALL":
            return row
        names = {*self.key, *self.keys(index), *projection.get("NonKeyAttributes", [])}
        return {name: value for name, value in row.items() if name in names}
