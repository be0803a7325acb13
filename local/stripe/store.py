"""The ledger on disk: one SQLite file."""

import json
import sqlite3
from pathlib import Path

from local.stripe.errors import Row
from local.stripe.ledger import Ledger

SCHEMA = """
CREATE TABLE IF NOT EXISTS row (
    place INTEGER PRIMARY KEY,  -- the order of creation, which is the order of Stripe's lists
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
)
"""


class Store:
    """Used by one thread at a time, which has the lock of `Account`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")  # only a power cut can undo the latest writes
        self._file.execute(SCHEMA)

    def load(self) -> dict[str, list[Row]]:
        """The state as `Ledger.load` takes it."""
        state: dict[str, list[Row]] = {}
        for kind, body in self._file.execute("SELECT kind, body FROM row ORDER BY place"):
            state.setdefault(kind, []).append(json.loads(body))
        return state

    def save(self, ledger: Ledger) -> None:
        """Write the changes since the last call: all of them, or none if this raises."""
        if not ledger.changed:
            return
        self._file.execute("BEGIN IMMEDIATE")
        try:
            for kind, object_id in ledger.changed:
                row = ledger.rows[kind].get(object_id)
                if row is None:
                    self._file.execute("DELETE FROM row WHERE kind = ? AND id = ?", (kind, object_id))
                else:
                    self._file.execute(
                        "INSERT INTO row (kind, id, body) VALUES (?, ?, ?) "
                        "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                        (kind, object_id, json.dumps(row)),
                    )
            self._file.execute("COMMIT")
        except sqlite3.Error:
            self._file.execute("ROLLBACK")
            raise
        ledger.changed.clear()

    def close(self) -> None:
        self._file.close()
