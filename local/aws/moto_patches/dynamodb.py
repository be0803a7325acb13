"""moto's DynamoDB, mended: calls happen one at a time, and each wholly or not at all.

As shipped (5.2.5) moto loses updates under concurrency, copies whole tables for every transaction, and a
cancelled transaction discards other people's writes. Here one lock orders all calls, and each call keeps a
journal of what the rows it touches were before. A call that fails is put back from it; what one that succeeds
has changed is told to the listener (which may write it to disk) and to the table's stream. That also cures
phantom, doubled and unchanged stream records. Projections, for which it reads a row anew for every
attribute, take one look.
"""

import base64
import copy
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.aws.config import ACCOUNT, REGION

LOCK = threading.RLock()
TOKEN_SECONDS = 600  # for which DynamoDB answers a repeated ClientRequestToken from memory
TOKENS = 10_000
READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}

Row = dict[str, Any]  # attributes in DynamoDB's JSON
Key = tuple[str, str, str]  # table, hash key and range key as JSON
Change = tuple[str, str, Row | None]  # table, primary key as JSON, the row as it is now
Listener = Callable[[list[Change]], None]


class Journal:
    """What the rows touched by one call were before it."""

    def __init__(self) -> None:
        self.before: dict[Key, tuple[Any, Any, Any, Any]] = {}

    def note(self, table: Any, hash_key: Any, range_key: Any) -> None:
        """Remember a row, the first time it is touched."""
        key = (table.name, json.dumps(hash_key.to_json()), json.dumps(range_key and range_key.to_json()))
        if key not in self.before:
            self.before[key] = (table, hash_key, range_key, copy.deepcopy(_get(table, hash_key, range_key)))

    def undo(self) -> None:
        """Put every touched row back."""
        for table, hash_key, range_key, item in self.before.values():
            _set(table, hash_key, range_key, item)
        self.before.clear()

    def changes(self) -> Iterable[tuple[Any, Any, Any]]:
        """Table, old and new item of every row that is another now."""
        for table, hash_key, range_key, old in self.before.values():
            new = _get(table, hash_key, range_key)
            if _attributes(old) != _attributes(new):
                yield table, old, new


_journal = Journal()  # of the call that holds the lock
_listeners: list[Listener] = []  # called with every successful call's changes
_tokens: "OrderedDict[str, tuple[float, str, Any]]" = OrderedDict()


def on_change(listener: Listener) -> None:
    """Call `listener` with the changes of each successful call, before its caller gets the response.

    Replaces an earlier listener.
    """
    _listeners[:] = [listener]


def apply() -> None:
    """Replace the faulty parts of moto, for this process."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.models.table import StreamShard, Table
    from moto.dynamodb.responses import DynamoHandler
    from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
    from moto.events.responses import EventsHandler
    from moto.sqs.responses import SQSResponse

    call_action = DynamoHandler.call_action
    project = Item.project
    query = Table.query  # sorts the whole table each time
    serialized = DynamoHandler.serialized  # tries every type there is on every attribute: 3 ms for one row
    put_item, delete_item, update_item = Table.put_item, Table.delete_item, DynamoDBBackend.update_item

    def whole_call(self: Any) -> Any:
        with LOCK:
            _journal.before.clear()
            known = _answered_before(self)
            if known is not None:
                return known
            try:
                answer = call_action(self)
            except BaseException:
                _journal.undo()
                raise
            if int(answer[0]) >= 400:
                _journal.undo()
                return answer
            changes = list(_journal.changes())
            rows = [
                (table.name, _primary_key(table, new or old), _attributes(new)) for table, old, new in changes
            ]
            for listener in _listeners:
                listener(rows)
            for table, old, new in changes:
                _tell_stream(table, old, new)
            _remember(self, answer)
            return answer

    def noted_put(self: Any, item_attrs: Row, *args: Any, **kwargs: Any) -> Any:
        _note(self, item_attrs)
        return put_item(self, item_attrs, *args, **kwargs)

    def noted_delete(self: Any, hash_key: Any, range_key: Any) -> Any:
        _journal.note(self, hash_key, range_key)
        return delete_item(self, hash_key, range_key)

    def noted_update(self: Any, table_name: str, key: Row, *args: Any, **kwargs: Any) -> Any:
        _note(self.get_table(table_name), key)
        return update_item(self, table_name, key, *args, **kwargs)

    def project_names(self: Any, paths: list[list[str]]) -> Any:
        if any(len(path) > 1 or "[" in path[0] for path in paths):
            return project(self, paths)
        names = [path[0] for path in paths]
        attributes = {name: self.attrs[name].to_json() for name in names if name in self.attrs}
        return Item(self.hash_key, self.range_key, attributes)

    def quick_query(self: Any, hash_key: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = kwargs.get("hash_key_conditions") or []
        if len(args) > 5 and args[5] is not None:  # an index
            found = [
                each
                for each in _rows(self)
                if all(name in each.attrs and each.attrs[name] == value for name, value in wanted)
            ]
        else:
            at = self.items.get(hash_key, {})
            found = list(at.values()) if self.has_range_key else [at] if at else []
        self.all_items = lambda: found
        try:
            return query(self, hash_key, *args, **kwargs)
        finally:
            del self.all_items

    def quick_answer(self: Any, result: Any) -> Any:
        if self._get_action() not in READS or isinstance(result.result, Exception):
            return serialized(self, result)
        told = {key: value for key, value in result.result.items() if value is not None}
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(told, default=_base64)

    DynamoHandler.call_action = whole_call
    DynamoHandler.serialized = quick_answer
    Table.query = quick_query
    Item.project = project_names
    Table.put_item = noted_put
    Table.delete_item = noted_delete
    Table.__deepcopy__ = lambda self, memo: self  # the copy a transaction would keep: the journal is better
    DynamoDBBackend.update_item = noted_update
    StreamShard.add = lambda self, old, new: None  # told once, when the call has succeeded
    for handler in (DynamoDBStreamsHandler, SQSResponse, EventsHandler):
        handler.call_action = _one_at_a_time(handler.call_action)


def restore(rows: Iterable[tuple[str, Row]]) -> int:
    """Put rows into their tables, each as a stream record, as if they were written now; answers how many."""
    count = 0
    with LOCK:
        for table_name, row in rows:
            table = tables()[table_name]
            _journal.before.clear()
            _tell_stream(table, None, table.put_item(row))
            count += 1
    return count


def tables() -> Mapping[str, Any]:
    """moto's tables by name."""
    from moto.dynamodb.models import dynamodb_backends

    return dict(dynamodb_backends[ACCOUNT][REGION].tables)


def _tell_stream(table: Any, old: Any, new: Any) -> None:
    from moto.dynamodb.models.table import StreamRecord

    shard = table.stream_shard
    if shard is not None:
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        view = table.stream_specification["StreamViewType"]
        number = shard.starting_sequence_number + len(shard.items)
        shard.items.append(StreamRecord(table, view, kind, old, new, number))


def _one_at_a_time(call: Any) -> Any:
    def locked(self: Any) -> Any:
        with LOCK:
            return call(self)

    return locked


def _note(table: Any, attributes: Row) -> None:
    """Note a row given by its attributes; moto itself refuses those without a proper key."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    if all(name in attributes for name in table.table_key_attrs):
        keys = [DynamoType(attributes[name]) for name in table.table_key_attrs]
        _journal.note(table, keys[0], keys[1] if len(keys) > 1 else None)


def _rows(table: Any) -> Iterable[Any]:
    """All items of a table, in no order."""
    for each in table.items.values():
        yield from each.values() if table.has_range_key else [each]


def _get(table: Any, hash_key: Any, range_key: Any) -> Any:
    if hash_key not in table.items:
        return None
    found = table.items[hash_key]
    return found.get(range_key) if table.has_range_key else found


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


def _primary_key(table: Any, item: Any) -> str:
    row = _attributes(item) or {}
    return json.dumps([row[name] for name in table.table_key_attrs])


def _base64(value: Any) -> str:
    return base64.b64encode(value).decode()


def _answered_before(handler: Any) -> Any:
    """What a transaction with this token was answered. Raises nothing: another body is moto's to judge."""
    token = getattr(handler, "params", {}).get("ClientRequestToken")
    if not token or token not in _tokens:
        return None
    at, body, answer = _tokens[token]
    if time.monotonic() - at > TOKEN_SECONDS:
        return None
    if body != _body(handler):
        error = {
            "__type": "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",
            "message": "The request token was used with other parameters",
        }
        return 400, {"content-type": "application/x-amz-json-1.0"}, json.dumps(error)
    return answer


def _remember(handler: Any, answer: Any) -> None:
    token = getattr(handler, "params", {}).get("ClientRequestToken")
    if token:
        _tokens[token] = (time.monotonic(), _body(handler), answer)
        while len(_tokens) > TOKENS:
            _tokens.popitem(last=False)


def _body(handler: Any) -> str:
    return json.dumps(handler.params, sort_keys=True, default=str)
