"""Rows on disk: what the embedded DynamoDB has answered for, kept in SQLite before the answer is given."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.aws.moto_patches.dynamodb import Change, Row


class Store:
    """One row of SQLite per row of DynamoDB. Survives the process being killed at any moment.

    A commit has reached the operating system when it returns; only a power cut could lose it.
    """

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS rows (tab TEXT, key TEXT, row TEXT, PRIMARY KEY (tab, key))"
        )

    def write(self, changes: list[Change]) -> None:
        """All or none. Callers hold the lock that orders DynamoDB's calls."""
        if not changes:
            return
        self._db.execute("BEGIN")
        for table, key, row in changes:
            if row is None:
                self._db.execute("DELETE FROM rows WHERE tab = ? AND key = ?", (table, key))
            else:
                self._db.execute(
                    "REPLACE INTO rows VALUES (?, ?, ?)", (table, key, json.dumps(row, default=_binary))
                )
        self._db.execute("COMMIT")

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with its table, in the order they were last written."""
        for table, row in self._db.execute("SELECT tab, row FROM rows ORDER BY rowid").fetchall():
            yield table, json.loads(row, object_hook=_from_binary)

    def close(self) -> None:
        """Leave one tidy file."""
        self._db.close()


def _binary(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"__bytes__": value.hex()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} in a row")


def _from_binary(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["__bytes__"]) if set(value) == {"__bytes__"} else value
