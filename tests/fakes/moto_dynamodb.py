"""DynamoDB as moto plays it, mended: slow, and somebody else's reading of the documentation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from local.aws.moto_tables import tables as backends
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb import Change
from tests.support import tables


class MotoDynamoDB:
    """Called and answering as InMemoryDynamoDB. Needs moto patched."""

    def __init__(self, services: Mapping[str, Any]) -> None:
        self._client = boto3.client("dynamodb")
        self._read: dict[str, int] = {}
        for service, declared in services.items():
            tables.create(service)
            if "StreamSpecification" in declared:
                self._read[service] = 0

    def call(self, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        try:
            answer: dict[str, Any] = self._client._make_api_call(operation, dict(asked))
        except ClientError as error:
            told = error.response
            reasons = {name: told[name] for name in ("CancellationReasons",) if name in told}
            raise AwsError(told["Error"]["Code"], told["Error"]["Message"], **reasons) from error
        return answer

    def changes(self) -> list[Change]:
        """What the tables' streams say that was not read before."""
        found: list[Change] = []
        for name, read in self._read.items():
            records = backends()[name].stream_shard.items
            for record in records[read:]:
                told = record.to_json()["dynamodb"]
                found.append(Change(name, told["Keys"], told.get("OldImage"), told.get("NewImage")))
            self._read[name] = len(records)
        return found

    def rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._client.scan(TableName=table)["Items"]
        return found


@contextmanager
def moto(services: Mapping[str, Any]) -> Iterator[MotoDynamoDB]:
    """A new account with the services' tables."""
    with mock_aws():
        yield MotoDynamoDB(services)
