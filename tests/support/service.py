"""One service's handlers on a table, a queue and an environment of their own."""

from functools import cached_property
from types import ModuleType
from typing import Any

import boto3
import pytest
from tiketz_common.rows import unpack

from tests.support import tables
from tests.support.handlers import HttpResponse, deliver_batch, import_function, send_request


class Service:
    """A service without rows. Its handler modules are imported when they are first used."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch, **env: str) -> None:
        self.name, self.table = name, tables.create(name)
        self.queue, self.dead_letters, self.relay_failed = (
            boto3.client("sqs").create_queue(QueueName=f"{name}-{kind}")["QueueUrl"]
            for kind in ("inbox", "inbox-dead", "relay-failed")
        )
        self.env = {
            "TABLE_NAME": self.table,
            "INBOX_URL": self.queue,
            "INBOX_DEAD_URL": self.dead_letters,
            "RELAY_FAILED_URL": self.relay_failed,
            "EVENT_BUS_NAME": "default",
            **env,
        }
        self._monkeypatch = monkeypatch

    def function(self, name: str) -> ModuleType:
        """The module of a handler (`relay`), imported anew."""
        return import_function(f"{self.name}.{name}", self.env, self._monkeypatch)

    @cached_property
    def api(self) -> ModuleType:
        return self.function("api")

    @cached_property
    def consumer(self) -> ModuleType:
        return self.function("consumer")

    def request(self, method: str, path: str, body: Any = None, **options: Any) -> HttpResponse:
        """Send one request to the HTTP handler; `options` as `http_event` takes them."""
        return send_request(self.api.handler, method, path, body, **options)

    def consume(self, *records: dict[str, Any]) -> list[str]:
        """Deliver SQS records in one batch; returns the ids of those that failed.

        Each passes through the real queue: the consumer changes a failed one's visibility by its receipt.
        """
        sqs = boto3.client("sqs")
        for record in records:
            sqs.send_message(QueueUrl=self.queue, MessageBody=record["body"])
            [received] = sqs.receive_message(QueueUrl=self.queue)["Messages"]
            record["receiptHandle"] = received["ReceiptHandle"]
            record["eventSourceARN"] = f"arn:aws:sqs:eu-west-1:123456789012:{self.name}-inbox"
        failed = deliver_batch(self.consumer.handler, *records)
        for record in records:
            sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=record["receiptHandle"])
        return failed

    def rows(self, prefix: str = "") -> list[dict[str, Any]]:
        """All rows of the table whose `pk` starts with the prefix."""
        items = boto3.client("dynamodb").scan(TableName=self.table)["Items"]
        return [row for row in map(unpack, items) if row["pk"].startswith(prefix)]

    def row(self, pk: str) -> dict[str, Any]:
        [row] = [each for each in self.rows(pk) if each["pk"] == pk]
        return row
