"""Responses are the same with the speedups as on the other engine: run these at every upgrade of moto."""

from typing import Any
from uuid import uuid4

import pytest

from tests.local.aws.rows import Item, key, row


@pytest.mark.parametrize(
    ("projection", "item"),
    [
        ("n, #map, absent", {"n": {"N": "7"}, "map": {"M": {"a": {"N": "1"}, "b": {"NULL": True}}}}),
        ("#map.a", {"map": {"M": {"a": {"N": "1"}}}}),
        ("pk", {"pk": {"S": "p"}}),
    ],
)
def test_a_projection_has_the_requested_attributes(
    dynamodb: Any, table: str, projection: str, item: Item
) -> None:
    nested = {"map": {"M": {"a": {"N": "1"}, "b": {"NULL": True}}}, "list": {"L": [{"S": "x"}, {"S": "y"}]}}
    dynamodb.put_item(TableName=table, Item=row("p", n=7) | nested)
    names = {"ExpressionAttributeNames": {"#map": "map"}} if "#map" in projection else {}
    response = dynamodb.get_item(TableName=table, Key=key("p"), ProjectionExpression=projection, **names)
    assert response["Item"] == item


def test_every_type_of_value_is_read_as_it_was_written(dynamodb: Any, table: str) -> None:
    written = key("types") | {
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
    one = {"TableName": table, "Key": key("types")}
    queried = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "types"}},
    )
    read = [
        dynamodb.get_item(**one)["Item"],
        queried["Items"][0],
        dynamodb.scan(TableName=table)["Items"][0],
        dynamodb.transact_get_items(TransactItems=[{"Get": one}])["Responses"][0]["Item"],
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [key("types")]}})["Responses"][table][0],
    ]
    for each in read:
        assert {name: _sorted(value) for name, value in each.items()} == written
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("none"))
    assert "LastEvaluatedKey" not in queried


@pytest.fixture
def indexed(dynamodb: Any) -> str:
    """A table of five rows in two partitions with an index over both, and a row that isn't in the index."""
    name = f"table-{uuid4().hex}"
    attributes = ("pk", "sk", "city", "at")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in attributes],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "byCity",
                "KeySchema": [
                    {"AttributeName": "city", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "unindexed"}, "sk": {"S": "-"}})
    for number in range(5):
        fields = {"pk": "ab"[number % 2], "sk": str(number), "city": "Rome" if number else "Oslo"}
        fields |= {"at": str(9 - number)}
        dynamodb.put_item(TableName=name, Item={key: {"S": value} for key, value in fields.items()})
    return name


@pytest.mark.parametrize("projection", [{}, {"ProjectionExpression": "sk"}])
def test_a_query_reads_one_partition_in_order(
    dynamodb: Any, indexed: str, projection: dict[str, str]
) -> None:
    def query(condition: str, value: str, **more: Any) -> list[str]:
        items = dynamodb.query(
            TableName=indexed,
            KeyConditionExpression=f"{condition} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
            **projection,
            **more,
        )["Items"]
        return [each["sk"]["S"] for each in items]

    assert query("pk", "a") == ["0", "2", "4"]
    assert query("pk", "a", ScanIndexForward=False, Limit=2) == ["4", "2"]
    assert query("pk", "none") == []
    assert query("city", "Rome", IndexName="byCity") == ["4", "3", "2", "1"]
    assert query("city", "Paris", IndexName="byCity") == []


def test_a_query_continues_where_its_page_ended(dynamodb: Any, indexed: str) -> None:
    arguments = {
        "TableName": indexed,
        "IndexName": "byCity",
        "KeyConditionExpression": "city = :city",
        "ExpressionAttributeValues": {":city": {"S": "Rome"}},
        "Limit": 3,
    }
    first = dynamodb.query(**arguments)
    second = dynamodb.query(**arguments, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [each["sk"]["S"] for each in [*first["Items"], *second["Items"]]] == ["4", "3", "2", "1"]


def _sorted(value: Item) -> Item:
    """Sets have no order."""
    return {kind: sorted(each) if kind in ("SS", "NS", "BS") else each for kind, each in value.items()}
