"""A table's stream has one record for each row that a successful call has changed.

Upstream: getmoto/moto, moto/dynamodb/models/table.py, `StreamShard.add`. moto adds a record with each step of
a call: two INSERTs for an upsert, one for a write that changes nothing, and those of a transaction that is
cancelled later.
"""

from typing import Any

from local.aws.moto_patches.atomic_calls import last_changes


def apply() -> None:
    from moto.dynamodb.models.table import StreamShard
    from moto.dynamodb.responses import DynamoHandler

    call_action = DynamoHandler.call_action

    def recorded_call(self: Any) -> Any:
        response = call_action(self)
        for change in last_changes():
            append_record(change.table, change.old, change.new)
        return response

    DynamoHandler.call_action = recorded_call
    StreamShard.add = lambda self, old, new: None


def append_record(table: Any, old: Any, new: Any) -> None:
    """Add a change to the table's stream, if it has one."""
    from moto.dynamodb.models.table import StreamRecord

    shard = table.stream_shard
    if shard is not None:
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        view = table.stream_specification["StreamViewType"]
        number = shard.starting_sequence_number + len(shard.items)
        shard.items.append(StreamRecord(table, view, kind, old, new, number))
