"""DynamoDB keeps its promises under concurrency and failure, whichever engine plays it.

On the embedded engine these guard what is mended in moto: run them at every upgrade.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from local.process import EnvironmentProcess

Item = dict[str, Any]


@pytest.fixture
def dynamodb(world: EnvironmentProcess) -> Any:
    """A client that may do everything."""
    return world.client("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> str:
    """A new table with a stream, a sort key and an index."""
    name = f"table-{uuid4().hex}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name


@pytest.fixture
def told(world: EnvironmentProcess, dynamodb: Any, table: str) -> Callable[[], list[Item]]:
    """All that the table's stream has said."""
    arn = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    streams = world.client("dynamodbstreams")

    def records() -> Iterator[Item]:
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            yield from streams.get_records(ShardIterator=iterator)["Records"]

    return lambda: list(records())


def row(pk: str, **numbers: int) -> Item:
    """A row with some numbers in it."""
    return {"pk": {"S": pk}, "sk": {"S": "-"}} | {name: {"N": str(each)} for name, each in numbers.items()}


def key(pk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}


def number(dynamodb: Any, table: str, pk: str, name: str) -> int:
    """What a row says now."""
    found = dynamodb.get_item(TableName=table, Key=key(pk), ConsistentRead=True)["Item"]
    return int(found[name]["N"])


def take(table: str, pk: str) -> Item:
    """A part of a transaction: take one, if there is one."""
    return {
        "Update": {
            "TableName": table,
            "Key": key(pk),
            "UpdateExpression": "SET available = available - :one",
            "ConditionExpression": "available >= :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def test_no_update_is_lost_under_sixty_four_threads(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("counter", n=0))

    def add(_: int) -> None:
        dynamodb.update_item(
            TableName=table,
            Key=key("counter"),
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(64) as crowd:
        list(crowd.map(add, range(256)))
    assert number(dynamodb, table, "counter", "n") == 256


def test_a_race_has_exactly_as_many_winners_as_there_is_to_win(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=10))

    def grab(buyer: int) -> bool:
        order = {"Put": {"TableName": table, "Item": row(f"order-{buyer}")}}
        while True:
            try:
                dynamodb.transact_write_items(TransactItems=[take(table, "ticket"), order])
            except ClientError as error:
                reasons = [each["Code"] for each in error.response.get("CancellationReasons", [])]
                if "ConditionalCheckFailed" in reasons:
                    return False
            else:
                return True

    with ThreadPoolExecutor(32) as crowd:
        won = list(crowd.map(grab, range(64)))
    assert sum(won) == 10
    assert number(dynamodb, table, "ticket", "available") == 0
    assert dynamodb.scan(TableName=table, Select="COUNT")["Count"] == 11


def test_a_cancelled_transaction_changes_and_tells_nothing(
    dynamodb: Any, table: str, told: Callable[[], list[Item]]
) -> None:
    dynamodb.put_item(TableName=table, Item=row("first", n=1))
    dynamodb.put_item(TableName=table, Item=row("ticket", available=0))
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": table, "Item": row("first", n=2)}},
                {"Put": {"TableName": table, "Item": row("new")}},
                {"Delete": {"TableName": table, "Key": key("gone")}},
                take(table, "ticket"),
            ]
        )
    reasons = [each["Code"] for each in refused.value.response["CancellationReasons"]]
    assert reasons == ["None", "None", "None", "ConditionalCheckFailed"]
    assert number(dynamodb, table, "first", "n") == 1
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("new"))
    assert [each["eventName"] for each in told()] == ["INSERT", "INSERT"]


def test_cancelled_transactions_leave_the_writes_of_others_alone(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=0))
    stop = threading.Event()

    def fail() -> None:
        while not stop.is_set():
            with pytest.raises(ClientError):
                dynamodb.transact_write_items(TransactItems=[take(table, "ticket")])

    failing = [threading.Thread(target=fail) for _ in range(4)]
    for thread in failing:
        thread.start()
    for each in range(50):
        dynamodb.put_item(TableName=table, Item=row(f"mine-{each}"))
    stop.set()
    for thread in failing:
        thread.join()
    assert dynamodb.scan(TableName=table, Select="COUNT")["Count"] == 51


def test_an_upsert_is_told_once_and_a_write_that_changes_nothing_not_at_all(
    dynamodb: Any, table: str, told: Callable[[], list[Item]]
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
    assert [each["eventName"] for each in told()] == ["INSERT", "REMOVE"]
    assert told()[0]["dynamodb"]["NewImage"] == row("upserted", n=1)


def test_a_failed_upsert_leaves_no_row(dynamodb: Any, table: str, told: Callable[[], list[Item]]) -> None:
    with pytest.raises(ClientError):
        dynamodb.update_item(
            TableName=table,
            Key=key("half"),
            UpdateExpression="SET n = missing + :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("half"))
    assert told() == []


def test_a_repeated_transaction_token_changes_nothing_twice(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=5))
    for _ in range(3):
        dynamodb.transact_write_items(TransactItems=[take(table, "ticket")], ClientRequestToken="once")
    assert number(dynamodb, table, "ticket", "available") == 4
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        dynamodb.transact_write_items(
            TransactItems=[take(table, "ticket"), {"Put": {"TableName": table, "Item": row("x")}}],
            ClientRequestToken="once",
        )


def test_transactions_stay_quick_in_a_large_table(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=row("ticket", available=1000))
    small = _quickest_transaction(dynamodb, table)
    for start in range(0, 1000, 25):
        dynamodb.batch_write_item(
            RequestItems={
                table: [{"PutRequest": {"Item": row(f"row-{start + each}", n=each)}} for each in range(25)]
            }
        )
    assert _quickest_transaction(dynamodb, table) < 5 * small


def _quickest_transaction(dynamodb: Any, table: str) -> float:
    """Seconds that one takes when nothing else comes between."""

    def timed() -> float:
        started = time.perf_counter()
        dynamodb.transact_write_items(TransactItems=[take(table, "ticket")])
        return time.perf_counter() - started

    return min(timed() for _ in range(20))


def test_a_projection_holds_what_was_asked_and_no_more(dynamodb: Any, table: str) -> None:
    nested = {"map": {"M": {"a": {"N": "1"}, "b": {"NULL": True}}}, "list": {"L": [{"S": "x"}, {"S": "y"}]}}
    dynamodb.put_item(TableName=table, Item=row("p", n=7) | nested)
    for asked, found in (
        ("n, #map, absent", {"n": {"N": "7"}, "map": nested["map"]}),
        ("#map.a", {"map": {"M": {"a": {"N": "1"}}}}),
        ("pk", {"pk": {"S": "p"}}),
    ):
        names = {"ExpressionAttributeNames": {"#map": "map"}} if "#map" in asked else {}
        key = {"pk": {"S": "p"}, "sk": {"S": "-"}}
        answer = dynamodb.get_item(TableName=table, Key=key, ProjectionExpression=asked, **names)
        assert answer["Item"] == found, asked


def test_every_kind_of_value_comes_back_as_it_was_written(dynamodb: Any, table: str) -> None:
    written = key("kinds") | {
        "text": {"S": "ü"},
        "number": {"N": "-1.5"},
        "bytes": {"B": b"\x00\xff"},
        "texts": {"SS": ["a", "b"]},
        "numbers": {"NS": ["1", "2"]},
        "manyBytes": {"BS": [b"\x01", b"\x02"]},
        "yes": {"BOOL": True},
        "nothing": {"NULL": True},
        "list": {"L": [{"S": "x"}, {"M": {"deep": {"B": b"y"}}}]},
        "map": {"M": {"empty": {"M": {}}}},
    }
    dynamodb.put_item(TableName=table, Item=written)
    one = {"TableName": table, "Key": key("kinds")}
    queried = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "kinds"}},
    )
    found = [
        dynamodb.get_item(**one)["Item"],
        queried["Items"][0],
        dynamodb.scan(TableName=table)["Items"][0],
        dynamodb.transact_get_items(TransactItems=[{"Get": one}])["Responses"][0]["Item"],
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [key("kinds")]}})["Responses"][table][0],
    ]
    for each in found:
        assert {name: _sorted(value) for name, value in each.items()} == written
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("none"))
    assert "LastEvaluatedKey" not in queried


def _sorted(value: Item) -> Item:
    """Sets have no order."""
    return {kind: sorted(each) if kind in ("SS", "NS", "BS") else each for kind, each in value.items()}
