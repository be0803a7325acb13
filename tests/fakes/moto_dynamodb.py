"""DynamoDB by patched moto: slow, and another reading of the documentation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from local.aws.moto_tables import tables as backends
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_tables import Change
from tests.support import tables


class MotoDynamoDB:
    """Has the methods of InMemoryDynamoDB. Needs patched moto."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._client = boto3.client("dynamodb")
        self._read: dict[str, int] = {}
        for service, definition in definitions.items():
            tables.create(service)
            if "StreamSpecification" in definition:
                self._read[service] = 0

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        try:
            response: dict[str, Any] = self._client._make_api_call(operation, dict(params))
        except ClientError as error:
            parsed = error.response
            reasons = {name: parsed[name] for name in ("CancellationReasons",) if name in parsed}
            raise AwsError(parsed["Error"]["Code"], parsed["Error"]["Message"], **reasons) from error
        return response

    def changes(self) -> list[Change]:
        """The records of the tables' streams that were not read before."""
        changes: list[Change] = []
        for name, read in self._read.items():
            records = backends()[name].stream_shard.items
            for record in records[read:]:
                image = record.to_json()["dynamodb"]
                changes.append(Change(name, image["Keys"], image.get("OldImage"), image.get("NewImage")))
            self._read[name] = len(records)
        return changes

    def rows(self, table: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._client.scan(TableName=table)["Items"]
        return items


@contextmanager
def moto(definitions: Mapping[str, Any]) -> Iterator[MotoDynamoDB]:
    """A new account with the services' tables."""
    with mock_aws():
        yield MotoDynamoDB(definitions)
