"""Amazon's DynamoDB Local as the world's DynamoDB: true transactions, streams and a file of its own.

Fetched from Maven Central by `make dynamodb-local`; needs Java 17 or newer. It checks no permissions.
"""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.aws.config import DYNAMODB_LOCAL_JARS, REGION, CannotStart
from local.aws.dynamodb_local.reader import StreamReader
from local.aws.moto_server import ROOT_ACCESS_KEY, MotoServer
from local.aws.stack import Service

KEEPER = Path(__file__).with_name("keeper.py")
MAIN = "software.amazon.dynamodb.services.local.main.ServerRunner"
START_SECONDS = 60
DEFINITION = (
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
)

Record = dict[str, Any]


class DynamoDBLocal:
    """An engine of the world. See `local.aws.engines.Engine`."""

    name = "DynamoDB Local"

    def __init__(self, data: Path, cloud: MotoServer, stopped: threading.Event) -> None:
        self._cloud, self._stopped = cloud, stopped
        self._streams: dict[str, str] = {}  # table -> its stream's ARN here
        self._existed = False
        port = _free_port()
        self.endpoint: str | None = f"http://127.0.0.1:{port}"
        self._process = _start(data / "dynamodb", port)

    def adopt(self, services: Iterable[Service]) -> int:
        """Create what is missing; the rows are where they were."""
        self._client = self._when_ready()
        existing = set(self._client.list_tables()["TableNames"])
        rows = 0
        for service in services:
            for name, definition in service.definitions.items():
                if name in existing:
                    self._existed = True
                else:
                    self._create(name, definition)
                described = self._client.describe_table(TableName=name)["Table"]
                rows += described["ItemCount"]
                if "LatestStreamArn" in described:
                    self._streams[name] = described["LatestStreamArn"]
        return rows

    def reader(self, source: str) -> StreamReader:
        """Of the same table's stream, here. What it said before this start is said again from the rows."""
        table = source.split("/")[1]
        streams = self._cloud.client_as("dynamodbstreams", ROOT_ACCESS_KEY, self.endpoint)
        reader = StreamReader(streams, self._streams[table], "LATEST" if self._existed else "TRIM_HORIZON")
        reader.backlog = self._rows(table) if self._existed else []
        return reader

    def _rows(self, table: str) -> list[Record]:
        """A record for every row there is, as if it were written now."""
        keys = [
            each["AttributeName"]
            for each in self._client.describe_table(TableName=table)["Table"]["KeySchema"]
        ]
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
                    "NewImage": row,
                    "SequenceNumber": str(number),
                    "SizeBytes": 1,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
            }
            for number, row in enumerate(rows)
        ]

    def close(self) -> None:
        """Its keeper ends it when it hears no more from us."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)

    def _create(self, name: str, definition: dict[str, Any]) -> None:
        given = {key: definition[key] for key in DEFINITION if key in definition}
        if "StreamSpecification" in definition:
            given["StreamSpecification"] = {"StreamEnabled": True, **definition["StreamSpecification"]}
        self._client.create_table(TableName=name, **given)

    def _when_ready(self) -> Any:
        """A client, once somebody listens. Raises CannotStart."""
        assert self.endpoint
        _wait_for(self._process, int(self.endpoint.rsplit(":", 1)[1]))
        return self._cloud.client_as("dynamodb", ROOT_ACCESS_KEY, self.endpoint)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """One without a world, for tests; answers its endpoint. Raises CannotStart."""
    port = _free_port()
    process = _start(folder, port)
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=10)


def installed() -> Path | None:
    """The jar that `make dynamodb-local` fetches, where it and Java are there."""
    jars = sorted(DYNAMODB_LOCAL_JARS.glob("DynamoDBLocal-*.jar"))
    return jars[-1] if jars and shutil.which("java") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Until somebody listens. Raises CannotStart."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise CannotStart("DynamoDB Local did not start: see java.log in its folder.")


def _start(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """Raises CannotStart when Java, or what Maven fetches, is missing."""
    if shutil.which("java") is None:
        raise CannotStart("DYNAMODB=local needs Java 17 or newer, and there is no java on the PATH.")
    if not list(DYNAMODB_LOCAL_JARS.glob("DynamoDBLocal-*.jar")):
        raise CannotStart(f"DynamoDB Local is missing in {DYNAMODB_LOCAL_JARS}: run 'make dynamodb-local'.")
    folder.mkdir(exist_ok=True)
    java = [
        "java",
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",
        f"-Dsqlite4java.library.path={DYNAMODB_LOCAL_JARS}",
        "-cp",
        f"{DYNAMODB_LOCAL_JARS}/*",
        MAIN,
        *("-port", str(port), "-sharedDb", "-dbPath", str(folder), "-disableTelemetry"),
    ]
    with (folder / "java.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", str(KEEPER), *java],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
