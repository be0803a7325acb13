"""The engine on DynamoDB Local: the stacks' tables, created there."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from local.aws.config import REGION, ROOT_ACCESS_KEY
from local.aws.dynamodb_local.reader import DynamoDBStreamReader
from local.aws.dynamodb_local.server import DynamoDBServer
from local.aws.moto_server import client
from local.aws.resources import Service

CREATE_TABLE = (
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
)

Record = dict[str, Any]


class DynamoDBLocalEngine:
    """See `local.aws.engines.Engine`."""

    name = "DynamoDB Local"

    def __init__(
        self,
        data: Path,
        dropped_on_load: Collection[str] = (),
        proxy: Callable[[str], str] | None = None,
    ) -> None:
        """Keeps its rows in `data`/dynamodb. Raises CannotStart.

        `dropped_on_load`: attributes that are left out of the records of rows from before this start.
        `proxy`: gets the server's URL, and gives the one to use.
        """
        self._server = DynamoDBServer(data / "dynamodb")
        self._dropped_on_load = frozenset(dropped_on_load)
        self.endpoint: str | None = proxy(self._server.url) if proxy else self._server.url
        self._client = client("dynamodb", ROOT_ACCESS_KEY, self.endpoint)
        self._streams = client("dynamodbstreams", ROOT_ACCESS_KEY, self.endpoint)
        self._stream_arns: dict[str, str] = {}  # by table
        self._restarted = False

    def load(self, services: Iterable[Service]) -> int:
        """Create the tables that are missing; the others have their rows."""
        self._server.wait()
        existing = set(self._client.list_tables()["TableNames"])
        rows = 0
        for service in services:
            for name, definition in service.table_definitions.items():
                if name in existing:
                    self._restarted = True
                else:
                    self._create(name, definition)
                table = self._client.describe_table(TableName=name)["Table"]
                rows += table["ItemCount"]
                if "LatestStreamArn" in table:
                    self._stream_arns[name] = table["LatestStreamArn"]
        return rows

    def reader(self, stream_arn: str) -> DynamoDBStreamReader:
        """Reads the same table's stream here. After a restart, one record for each row comes first."""
        table = stream_arn.split("/")[1]
        arn = self._stream_arns[table]
        if not self._restarted:
            return DynamoDBStreamReader(self._streams, arn, "TRIM_HORIZON")
        reader = DynamoDBStreamReader(self._streams, arn, "LATEST")
        reader.backlog += self._row_records(table)
        return reader

    def close(self) -> None:
        """End the process; its file stays."""
        self._server.close()

    def _row_records(self, table: str) -> list[Record]:
        """A record for every row, as if it were written now."""
        described = self._client.describe_table(TableName=table)["Table"]
        keys = [each["AttributeName"] for each in described["KeySchema"]]
        pages = self._client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        rows = [row for page in pages for row in page["Items"]]
        return [
            {
                "eventID": f"{table}-{number}",
                "eventName": "INSERT",
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "dynamodb": {
                    "Keys": {key: row[key] for key in keys},
                    "NewImage": {key: row[key] for key in row if key not in self._dropped_on_load},
                    "SequenceNumber": str(number),
                    "SizeBytes": 1,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
            }
            for number, row in enumerate(rows)
        ]

    def _create(self, name: str, definition: Mapping[str, Any]) -> None:
        arguments = {key: definition[key] for key in CREATE_TABLE if key in definition}
        if "StreamSpecification" in definition:
            arguments["StreamSpecification"] = {"StreamEnabled": True, **definition["StreamSpecification"]}
        self._client.create_table(TableName=name, **arguments)
