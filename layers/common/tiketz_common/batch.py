"""Batch reads: many rows of a table in one call."""

from typing import Any

from tiketz_common import retry
from tiketz_common.errors import Busy
from tiketz_common.rows import Row, pack, unpack


def read(client: Any, table: str, keys: list[Row], **more: Any) -> list[Row]:
    """The rows with these keys, at most a hundred, in any order; missing ones are left out.

    Keys that DynamoDB leaves unprocessed are requested again. `more` as BatchGetItem takes it.
    Raises Busy.
    """
    if not keys:
        return []
    rows: list[Row] = []
    request = {"Keys": [pack(key) for key in keys], **more}
    for _ in retry.attempts():
        response = client.batch_get_item(RequestItems={table: request})
        rows += map(unpack, response["Responses"].get(table, []))
        if not response.get("UnprocessedKeys"):
            return rows
        request = response["UnprocessedKeys"][table]
    raise Busy(retry.BUSY)
