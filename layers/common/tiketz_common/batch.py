"""Many rows of a table in one read."""

from typing import Any

from tiketz_common import retry
from tiketz_common.errors import Unavailable
from tiketz_common.rows import Row, pack, unpack


def read(client: Any, table: str, keys: list[Row], **more: Any) -> list[Row]:
    """The rows with these keys, at most a hundred, in any order; those that are not there are left out.

    What DynamoDB leaves undone is asked for again. `more` as a BatchGetItem takes it. Raises Unavailable.
    """
    if not keys:
        return []
    found: list[Row] = []
    asked = {"Keys": [pack(key) for key in keys], **more}
    for _ in retry.attempts():
        answer = client.batch_get_item(RequestItems={table: asked})
        found += map(unpack, answer["Responses"].get(table, []))
        if not answer.get("UnprocessedKeys"):
            return found
        asked = answer["UnprocessedKeys"][table]
    raise Unavailable(retry.BUSY, code="busy")
