"""Where the tables live: in moto, inside this process, or in Amazon's DynamoDB Local beside it."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from local import dynamodb
from local.stack import Service
from local.store import Store

LOOK_SECONDS = 0.025


class Engine(Protocol):
    """What the world asks of a DynamoDB."""

    name: str
    endpoint: str | None  # None: where the rest of AWS is

    @property
    def first_record(self) -> str:
        """The kind of shard iterator that a poller starts with."""

    def adopt(self, services: Iterable[Service]) -> int:
        """Make the services' tables hold what was stored before; answers how many rows that is."""

    def stream(self, source: str) -> str:
        """The ARN to read a stream by, given the one that the stack knows."""

    def backlog(self, source: str) -> list[dict[str, Any]]:
        """Stream records to deliver before the stream's own, so that nothing said before a stop is lost."""

    def wait_for_news(self, source: str, seen: int) -> None:
        """Return when a stream may hold more than `seen` records, or the world stops."""

    def close(self) -> None:
        """Let go of everything."""


class Embedded:
    """moto's tables, mended, with a file behind them."""

    name = "embedded"
    endpoint: str | None = None
    first_record = "TRIM_HORIZON"

    def __init__(self, data: Path, stopped: threading.Event) -> None:
        self._store, self._stopped = Store(data / "rows.sqlite"), stopped
        dynamodb.mend(self._store.write)

    def adopt(self, services: Iterable[Service]) -> int:
        """Stored rows come back as if they were written now: their streams tell everybody of them again."""
        known = {name for service in services for name in service.tables.values()}
        return dynamodb.restore((table, row) for table, row in self._store.rows() if table in known)

    def stream(self, source: str) -> str:
        """The same."""
        return source

    def backlog(self, source: str) -> list[dict[str, Any]]:
        """None: adopted rows are in the stream already."""
        return []

    def wait_for_news(self, source: str, seen: int) -> None:
        """Looks into moto itself: asking it over HTTP all the time is work."""
        shard = dynamodb.tables()[source.split("/")[1]].stream_shard
        while len(shard.items) <= seen and not self._stopped.is_set():
            time.sleep(LOOK_SECONDS)

    def close(self) -> None:
        """Wait for the call in progress, then close the file."""
        with dynamodb.LOCK:
            self._store.close()
