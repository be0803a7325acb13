"""A ClientRequestToken makes a transaction idempotent."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.rows import number, row, take_one


def test_a_repeated_token_changes_nothing_again(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=5))
    for _ in range(3):
        dynamodb.transact_write_items(
            TransactItems=[take_one(table, "ticket")], ClientRequestToken=table[:36]
        )
    assert number(dynamodb, table, "ticket", "available") == 4


def test_a_token_with_another_body_is_refused(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=5))
    dynamodb.transact_write_items(TransactItems=[take_one(table, "ticket")], ClientRequestToken=table[:36])
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        dynamodb.transact_write_items(
            TransactItems=[take_one(table, "ticket"), {"Put": {"TableName": table, "Item": row("x")}}],
            ClientRequestToken=table[:36],
        )
