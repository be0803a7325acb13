"""Rows on disk: SQLite has each write before the caller of the embedded DynamoDB gets the response."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class RowStore:
    """One row of SQLite for each row of DynamoDB. Survives a kill of the process at any moment.

    A commit has reached the operating system when it returns: only a power cut can lose it.
    """

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS rows (tab TEXT, key TEXT, row TEXT, PRIMARY KEY (tab, key))"
        )

    def write(self, changes: list[tuple[str, str, Row | None]]) -> None:
        """Store changed rows, all or none: table, primary key as JSON, and the row, None where deleted.

        Callers hold the lock that orders DynamoDB's calls.
        """
        if not changes:
            return
        self._db.execute("BEGIN")
        for table, key, row in changes:
            if row is None:
                self._db.execute("DELETE FROM rows WHERE tab = ? AND key = ?", (table, key))
            else:
                text = json.dumps(row, default=_to_json)
                self._db.execute("REPLACE INTO rows VALUES (?, ?, ?)", (table, key, text))
        self._db.execute("COMMIT")

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with its table's name, in the order of their last writes."""
        for table, row in self._db.execute("SELECT tab, row FROM rows ORDER BY rowid").fetchall():
            yield table, json.loads(row, object_hook=_from_json)

    def close(self) -> None:
        self._db.close()


def _to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"__bytes__": value.hex()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} in a row")


def _from_json(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["__bytes__"]) if set(value) == {"__bytes__"} else value
