"""A table's stream has one record for each row that a call has changed."""

from collections.abc import Callable
from typing import Any

from tests.local.aws.rows import Item, key, row


def test_an_upsert_is_one_record_and_an_unchanged_row_none(
    dynamodb: Any, table: str, records: Callable[[], list[Item]]
) -> None:
    for _ in range(2):
        dynamodb.update_item(
            TableName=table,
            Key=key("upserted"),
            UpdateExpression="SET n = :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    dynamodb.put_item(TableName=table, Item=row("upserted", n=1))
    dynamodb.delete_item(TableName=table, Key=key("upserted"))
    dynamodb.delete_item(TableName=table, Key=key("upserted"))
    assert [each["eventName"] for each in records()] == ["INSERT", "REMOVE"]
    assert records()[0]["dynamodb"]["NewImage"] == row("upserted", n=1)
