"""Where the tables live: in moto, inside this process, or in Amazon's DynamoDB Local beside it."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from local.aws.moto_patches import dynamodb
from local.aws.row_store import Store
from local.aws.stack import Service

LOOK_SECONDS = 0.025

Record = dict[str, Any]


class Reader(Protocol):
    """Reads one stream from beginning to end, which is never."""

    def read(self, most: int) -> list[Record]:
        """The next records, after a while none. Rows from before this start come first, as if new."""


class Engine(Protocol):
    """What the world asks of a DynamoDB."""

    name: str
    endpoint: str | None  # None: where the rest of AWS is

    def adopt(self, services: Iterable[Service]) -> int:
        """Make the services' tables hold what was stored before; answers how many rows that is."""

    def reader(self, source: str) -> "Reader":
        """Reads a stream, given by the ARN that the stack knows. Whatever is written from now on is read."""

    def close(self) -> None:
        """Let go of everything."""


class Embedded:
    """moto's tables, mended, with a file behind them."""

    name = "embedded"
    endpoint: str | None = None
    first_record = "TRIM_HORIZON"

    def __init__(self, data: Path, stopped: threading.Event) -> None:
        self._store, self._stopped = Store(data / "rows.sqlite"), stopped
        dynamodb.on_change(self._store.write)

    def adopt(self, services: Iterable[Service]) -> int:
        """Stored rows come back as if they were written now: their streams tell everybody of them again.

        Also of those whose last change was `silent`: one before it may have been on its way when it ended.
        """
        known = {name for service in services for name in service.tables.values()}
        return dynamodb.restore(
            (table, {name: value for name, value in row.items() if name != "silent"})
            for table, row in self._store.rows()
            if table in known
        )

    def reader(self, source: str) -> Reader:
        """Of the table's only shard, from its beginning."""
        return _ShardReader(dynamodb.tables()[source.split("/")[1]].stream_shard, self._stopped)

    def close(self) -> None:
        """Wait for the call in progress, then close the file."""
        with dynamodb.LOCK:
            self._store.close()


class _ShardReader:
    """Looks into moto itself: asking it over HTTP all the time is work."""

    def __init__(self, shard: Any, stopped: threading.Event) -> None:
        self._shard, self._stopped, self._next = shard, stopped, 0

    def read(self, most: int) -> list[Record]:
        while len(self._shard.items) <= self._next and not self._stopped.wait(LOOK_SECONDS):
            pass
        with dynamodb.LOCK:
            records = [each.to_json() for each in self._shard.items[self._next : self._next + most]]
        self._next += len(records)
        return records
