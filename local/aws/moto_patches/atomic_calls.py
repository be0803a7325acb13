"""A call of DynamoDB takes effect wholly or not at all, and never touches other calls' writes.

Upstream: getmoto/moto, moto/dynamodb/models/__init__.py, `DynamoDBBackend.transact_write_items` and
`update_item`. For a transaction moto copies every table that it names, and puts the copies back when it is
cancelled: it takes a second for 2,000 rows, and discards what others have written meanwhile. A failed upsert
leaves a row behind. Here a journal keeps the rows that a call touches as they were before it, and puts those
back.

Calls must run one at a time: see serial_calls.
"""

import copy
import json
from collections.abc import Callable
from typing import Any, NamedTuple

Row = dict[str, Any]
"""A row's attributes in DynamoDB's JSON."""


class Change(NamedTuple):
    """What a successful call has done to one row, as moto's own objects."""

    table: Any
    old: Any | None
    new: Any | None

    def row(self) -> tuple[str, str, Row | None]:
        """The table's name, the primary key as JSON, and the row as it is now."""
        attributes = _attributes(self.new or self.old) or {}
        key = json.dumps([attributes[name] for name in self.table.table_key_attrs])
        return self.table.name, key, _attributes(self.new)


RowListener = Callable[[list[tuple[str, str, Row | None]]], None]


class Journal:
    """The rows that one call touches, as they were before it."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, str, str], tuple[Any, Any, Any, Any]] = {}
        self.changes: list[Change] = []

    def clear(self) -> None:
        self._before.clear()
        self.changes = []

    def note(self, table: Any, hash_key: Any, range_key: Any) -> None:
        """Keep a copy of the row, the first time it is touched."""
        key = (table.name, json.dumps(hash_key.to_json()), json.dumps(range_key and range_key.to_json()))
        if key not in self._before:
            self._before[key] = (table, hash_key, range_key, copy.deepcopy(_get(table, hash_key, range_key)))

    def note_attributes(self, table: Any, attributes: Row) -> None:
        """The same for a row given by its attributes; moto itself refuses those without a whole key."""
        from moto.dynamodb.models.dynamo_type import DynamoType

        if all(name in attributes for name in table.table_key_attrs):
            keys = [DynamoType(attributes[name]) for name in table.table_key_attrs]
            self.note(table, keys[0], keys[1] if len(keys) > 1 else None)

    def undo(self) -> None:
        """Put every touched row back."""
        for table, hash_key, range_key, item in self._before.values():
            _set(table, hash_key, range_key, item)
        self.clear()

    def commit(self) -> None:
        """Collect the rows that are different now."""
        for table, hash_key, range_key, old in self._before.values():
            new = _get(table, hash_key, range_key)
            if _attributes(old) != _attributes(new):
                self.changes.append(Change(table, old, new))


_journal = Journal()
_listeners: list[RowListener] = []


def on_commit(listener: RowListener) -> None:
    """Call `listener` with the changed rows of each call before its caller gets the response.

    Replaces an earlier listener.
    """
    _listeners[:] = [listener]


def last_changes() -> list[Change]:
    """The changes of the call that has just ended; empty where it failed."""
    return _journal.changes


def apply() -> None:
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    call_action = DynamoHandler.call_action
    put_item, delete_item, update_item = Table.put_item, Table.delete_item, DynamoDBBackend.update_item

    def atomic_call(self: Any) -> Any:
        _journal.clear()
        try:
            response = call_action(self)
            if int(response[0]) < 400:
                _journal.commit()
                for listener in _listeners:
                    listener([change.row() for change in _journal.changes])
                return response
        except BaseException:
            _journal.undo()
            raise
        _journal.undo()
        return response

    def noted_put(self: Any, item_attrs: Row, *args: Any, **kwargs: Any) -> Any:
        _journal.note_attributes(self, item_attrs)
        return put_item(self, item_attrs, *args, **kwargs)

    def noted_delete(self: Any, hash_key: Any, range_key: Any) -> Any:
        _journal.note(self, hash_key, range_key)
        return delete_item(self, hash_key, range_key)

    def noted_update(self: Any, table_name: str, key: Row, *args: Any, **kwargs: Any) -> Any:
        _journal.note_attributes(self.get_table(table_name), key)
        return update_item(self, table_name, key, *args, **kwargs)

    DynamoHandler.call_action = atomic_call
    Table.put_item, Table.delete_item = noted_put, noted_delete
    DynamoDBBackend.update_item = noted_update
    Table.__deepcopy__ = lambda self, memo: self  # instead of the copy that a transaction makes


def _get(table: Any, hash_key: Any, range_key: Any) -> Any:
    if hash_key not in table.items:
        return None
    item = table.items[hash_key]
    return item.get(range_key) if table.has_range_key else item


def _set(table: Any, hash_key: Any, range_key: Any, item: Any) -> None:
    if table.has_range_key:
        rows = table.items[hash_key]
        rows.pop(range_key, None)
        if item is not None:
            rows[range_key] = item
    elif item is not None:
        table.items[hash_key] = item
    else:
        table.items.pop(hash_key, None)


def _attributes(item: Any) -> Row | None:
    return None if item is None else item.to_json()["Attributes"]
