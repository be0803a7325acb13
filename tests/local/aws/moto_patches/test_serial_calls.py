"""No write is lost or doubled under concurrency."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from tests.local.aws.rows import key, number, row, take_one


def test_no_increment_is_lost_under_64_threads(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("counter", n=0))

    def increment(_: int) -> None:
        dynamodb.update_item(
            TableName=table,
            Key=key("counter"),
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(increment, range(256)))
    assert number(dynamodb, table, "counter", "n") == 256


def test_a_race_has_as_many_winners_as_units(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=10))

    def order(buyer: int) -> bool:
        put = {"Put": {"TableName": table, "Item": row(f"order-{buyer}")}}
        while True:
            try:
                dynamodb.transact_write_items(TransactItems=[take_one(table, "ticket"), put])
            except ClientError as error:
                reasons = [each["Code"] for each in error.response.get("CancellationReasons", [])]
                if "ConditionalCheckFailed" in reasons:
                    return False
            else:
                return True

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(order, range(64)))
    assert sum(won) == 10
    assert number(dynamodb, table, "ticket", "available") == 0
    assert dynamodb.scan(TableName=table, Select="COUNT")["Count"] == 11
