"""Rows and writes of the tests' tables."""

from typing import Any

Item = dict[str, Any]


def row(pk: str, **numbers: int) -> Item:
    """A row with some numbers in it."""
    return key(pk) | {name: {"N": str(each)} for name, each in numbers.items()}


def key(pk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}


def number(dynamodb: Any, table: str, pk: str, name: str) -> int:
    """A number of a row as it is now."""
    item = dynamodb.get_item(TableName=table, Key=key(pk), ConsistentRead=True)["Item"]
    return int(item[name]["N"])


def take_one(table: str, pk: str) -> Item:
    """A part of a transaction: one less is available, if one is."""
    return {
        "Update": {
            "TableName": table,
            "Key": key(pk),
            "UpdateExpression": "SET available = available - :one",
            "ConditionExpression": "available >= :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }
