"""The services behind their doors, each with its own table."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from tiketz_common.rows import unpack

from tests.support import doors, tables
from tests.support.payments import Payments
from tests.support.tickets import Tickets

Call = Callable[..., doors.Answer]


@pytest.fixture
def orders(aws: None, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The orders service, knowing no ticket: `call` its HTTP door, `tell` its event door, see its `rows`."""
    return service("orders", monkeypatch, HOLD_SECONDS="900")


@pytest.fixture
def payments(aws: None, monkeypatch: pytest.MonkeyPatch) -> Payments:
    """A payments service that has heard of nothing yet, at noon, and the Stripe account it uses."""
    return Payments(monkeypatch)


@pytest.fixture
def tickets(aws: None, monkeypatch: pytest.MonkeyPatch) -> Tickets:
    """A tickets service at noon with nothing for sale."""
    return Tickets(service("tickets", monkeypatch), monkeypatch)


def service(name: str, monkeypatch: pytest.MonkeyPatch, **env: str) -> SimpleNamespace:
    """A service's doors on a table of its own."""
    table = tables.create(name)
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=f"{name}-inbox")["QueueUrl"]
    env |= {"TABLE_NAME": table, "INBOX_URL": queue, "EVENT_BUS_NAME": "default"}

    def door(module: str) -> Any:
        return doors.load(f"{name}.{module}", env, monkeypatch)

    api, consumer = door("api"), door("consumer")

    def rows() -> list[dict[str, Any]]:
        return [unpack(item) for item in boto3.client("dynamodb").scan(TableName=table)["Items"]]

    def row(pk: str) -> dict[str, Any]:
        [found] = [each for each in rows() if each["pk"] == pk]
        return found

    def tell(*messages: dict[str, Any]) -> list[str]:
        # Through the real queue: a failed message's visibility is changed by its receipt.
        for message in messages:
            sqs.send_message(QueueUrl=queue, MessageBody=message["body"])
            [received] = sqs.receive_message(QueueUrl=queue)["Messages"]
            message["receiptHandle"] = received["ReceiptHandle"]
            message["eventSourceARN"] = f"arn:aws:sqs:eu-west-1:123456789012:{name}-inbox"
        return doors.deliver(consumer.handler, *messages)

    def call(method: str, path: str, body: Any = None, **how: Any) -> doors.Answer:
        return doors.call(api.handler, method, path, body, **how)

    return SimpleNamespace(
        call=call, tell=tell, rows=rows, row=row, door=door, api=api, table=table, queue=queue
    )
