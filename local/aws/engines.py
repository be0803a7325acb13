"""The DynamoDB engines: moto's tables in this process, or Amazon's DynamoDB Local beside it."""

import threading
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Protocol

from local.aws.moto_patches import atomic_calls
from local.aws.moto_patches.serial_calls import LOCK
from local.aws.moto_tables import read_stream, restore, tables
from local.aws.resources import Service
from local.aws.row_store import RowStore

POLL_SECONDS = 0.025

Record = dict[str, Any]


class StreamReader(Protocol):
    """Reads one stream."""

    def read(self, limit: int) -> list[Record]:
        """The next records, none after a while. Rows from before this start come first, as INSERTs."""


class Engine(Protocol):
    """A DynamoDB that keeps its rows over restarts."""

    name: str
    endpoint: str | None  # None: moto's own

    def load(self, services: Iterable[Service]) -> int:
        """Give the services' tables the rows that were stored before. Returns how many."""

    def reader(self, stream_arn: str) -> StreamReader:
        """Reads a stream of the deployed stacks: the stored rows, then every write from now on."""

    def close(self) -> None:
        """Stop, with everything stored."""


class EmbeddedEngine:
    """moto's tables, with a file behind them. It alone enforces policies for DynamoDB."""

    name = "embedded"
    endpoint: str | None = None

    def __init__(self, data: Path, stopping: threading.Event, dropped_on_load: Collection[str] = ()) -> None:
        """Stores rows in `data`/rows.sqlite. Once `stopping` is set, readers return at once.

        `dropped_on_load`: attributes that loaded rows lose, such as one that a stream's filter excludes.
        """
        self._store, self._stopping = RowStore(data / "rows.sqlite"), stopping
        self._dropped_on_load = frozenset(dropped_on_load)
        atomic_calls.on_commit(self._store.write)

    def load(self, services: Iterable[Service]) -> int:
        """Each stored row gets a stream record, so that a consumer gets what it missed in a crash."""
        known = {name for service in services for name in service.tables.values()}
        return restore(
            (table, {name: value for name, value in row.items() if name not in self._dropped_on_load})
            for table, row in self._store.rows()
            if table in known
        )

    def reader(self, stream_arn: str) -> StreamReader:
        """Reads the table's only shard from its beginning."""
        return _ShardReader(tables()[stream_arn.split("/")[1]].stream_shard, self._stopping)

    def close(self) -> None:
        """Wait for the call in progress, then close the file."""
        with LOCK:
            self._store.close()


class _ShardReader:
    def __init__(self, shard: Any, stopping: threading.Event) -> None:
        self._shard, self._stopping, self._position = shard, stopping, 0

    def read(self, limit: int) -> list[Record]:
        while len(self._shard.items) <= self._position and not self._stopping.wait(POLL_SECONDS):
            pass
        records = read_stream(self._shard, self._position, limit)
        self._position += len(records)
        return records
