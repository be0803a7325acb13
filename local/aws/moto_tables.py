"""moto's DynamoDB tables, read and filled directly: over HTTP it would be the same rows with more work."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.aws.config import ACCOUNT, REGION
from local.aws.moto_patches.atomic_calls import Row
from local.aws.moto_patches.serial_calls import LOCK
from local.aws.moto_patches.stream_records import append_record


def tables() -> Mapping[str, Any]:
    """moto's tables by name."""
    from moto.dynamodb.models import dynamodb_backends

    return dict(dynamodb_backends[ACCOUNT][REGION].tables)


def restore(rows: Iterable[tuple[str, Row]]) -> int:
    """Put rows into their tables, each with a stream record, as if written now. Returns how many."""
    count = 0
    by_name = tables()
    with LOCK:
        for table_name, row in rows:
            table = by_name[table_name]
            append_record(table, None, table.put_item(row))
            count += 1
    return count


def read_stream(shard: Any, start: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` records of a stream's shard, from position `start`."""
    with LOCK:
        return [record.to_json() for record in shard.items[start : start + limit]]
