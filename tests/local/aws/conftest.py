"""The sample service notes, running, and a table of its DynamoDB."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.aws.process import ApplicationProcess
from tests.local.aws.notes import running_notes

Item = dict[str, Any]


@pytest.fixture(scope="session")
def notes() -> Iterator[ApplicationProcess]:
    """The notes service, on the engine that DYNAMODB names."""
    with running_notes(engine=os.environ.get("DYNAMODB") or "embedded") as process:
        yield process


@pytest.fixture(scope="session")
def embedded_notes(notes: ApplicationProcess) -> Iterator[ApplicationProcess]:
    """The notes service on the embedded engine, which enforces policies for DynamoDB."""
    if notes.info["dynamodb"] is None:
        yield notes
        return
    with running_notes(engine="embedded") as process:
        yield process


@pytest.fixture
def call(notes: ApplicationProcess) -> Callable[..., requests.Response]:
    """Sends a request to notes; `cookie` is the whole Cookie header."""

    def send(method: str, path: str, cookie: str = "user=ann", **kwargs: Any) -> requests.Response:
        headers = kwargs.pop("headers", {}) | ({"Cookie": cookie} if cookie else {})
        return requests.request(method, notes.url + path, headers=headers, timeout=30, **kwargs)

    return send


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Repeats a function until it returns something truthy, and returns that."""

    def wait(function: Callable[[], Any], seconds: float = 15) -> Any:
        deadline = time.monotonic() + seconds
        while not (result := function()):
            assert time.monotonic() < deadline, f"not within {seconds} s; last result {result!r}"
            time.sleep(0.05)
        return result

    return wait


@pytest.fixture
def dynamodb(notes: ApplicationProcess) -> Any:
    """A client to which everything is allowed."""
    return notes.client("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> str:
    """A new table with a stream and a sort key."""
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
def records(notes: ApplicationProcess, dynamodb: Any, table: str) -> Callable[[], list[Item]]:
    """Reads the table's stream from its beginning."""
    arn = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    streams = notes.client("dynamodbstreams")

    def read() -> Iterator[Item]:
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            yield from streams.get_records(ShardIterator=iterator)["Records"]

    return lambda: list(read())
