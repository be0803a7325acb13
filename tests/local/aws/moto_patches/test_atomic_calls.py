"""A call takes effect wholly or not at all, and leaves others' writes alone."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.rows import Item, key, number, row, take_one


def test_a_cancelled_transaction_changes_and_publishes_nothing(
    dynamodb: Any, table: str, records: Callable[[], list[Item]]
) -> None:
    dynamodb.put_item(TableName=table, Item=row("first", n=1))
    dynamodb.put_item(TableName=table, Item=row("ticket", available=0))
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": table, "Item": row("first", n=2)}},
                {"Put": {"TableName": table, "Item": row("new")}},
                {"Delete": {"TableName": table, "Key": key("deleted")}},
                take_one(table, "ticket"),
            ]
        )
    reasons = [each["Code"] for each in cancelled.value.response["CancellationReasons"]]
    assert reasons == ["None", "None", "None", "ConditionalCheckFailed"]
    assert number(dynamodb, table, "first", "n") == 1
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("new"))
    assert [each["eventName"] for each in records()] == ["INSERT", "INSERT"]


def test_cancelled_transactions_keep_the_writes_of_others(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=0))
    stop = threading.Event()

    def fail() -> None:
        while not stop.is_set():
            with pytest.raises(ClientError):
                dynamodb.transact_write_items(TransactItems=[take_one(table, "ticket")])

    failing = [threading.Thread(target=fail) for _ in range(4)]
    for thread in failing:
        thread.start()
    for each in range(50):
        dynamodb.put_item(TableName=table, Item=row(f"mine-{each}"))
    stop.set()
    for thread in failing:
        thread.join()
    assert dynamodb.scan(TableName=table, Select="COUNT")["Count"] == 51


def test_a_failed_upsert_leaves_no_row(dynamodb: Any, table: str, records: Callable[[], list[Item]]) -> None:
    with pytest.raises(ClientError):
        dynamodb.update_item(
            TableName=table,
            Key=key("half"),
            UpdateExpression="SET n = missing + :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("half"))
    assert records() == []


def test_a_transaction_takes_no_longer_in_a_large_table(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=1000))
    small = _shortest_transaction(dynamodb, table)
    for start in range(0, 1000, 25):
        dynamodb.batch_write_item(
            RequestItems={
                table: [{"PutRequest": {"Item": row(f"row-{start + each}", n=each)}} for each in range(25)]
            }
        )
    assert _shortest_transaction(dynamodb, table) < 5 * small


def _shortest_transaction(dynamodb: Any, table: str) -> float:
    """Seconds that one takes when nothing else runs meanwhile."""

    def timed() -> float:
        started = time.perf_counter()
        dynamodb.transact_write_items(TransactItems=[take_one(table, "ticket")])
        return time.perf_counter() - started

    return min(timed() for _ in range(20))
