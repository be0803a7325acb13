"""A service's table as it was, beside the one in use, and lost rows put back from there.

    python -m operate.restore STAGE SERVICE AT              a new table, as it was then (prod keeps 35 days)
    python -m operate.restore STAGE SERVICE from TABLE      put back what is missing in the one in use
    python -m operate.restore STAGE SERVICE from TABLE KEY  put back one row, also over what is there now

The table in use belongs to its stack and stays. What is put back tells its last event again. What ended since
stays ended: a deleted account, its listings, a session, a buyer's count of units. An order that was pending
stays lost, for nobody can tell whether it was paid for since; an inventory holds what the orders in use hold.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tickets import rows as tickets
from tiketz_common.rows import Row, pack, unpack

from operate.stages import LOCAL, CannotDo, Stage, moment, run, stage

# Rows that end by being deleted: a missing one has ended, so none is put back. Words come with their ticket.
PASSING = ("FAMILY#", "ATTEMPTS#", "WAITING#", "HELD#", "WORD#")
REFUSED = ("ConditionalCheckFailed", "None")


def restore(place: Stage, service: str, at: datetime) -> str:
    """The new table's name. It takes minutes until it can be read. Raises CannotDo."""
    table = _table(place, service)
    restored = f"{table}-{at:%Y%m%dT%H%M%S}"
    place.client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=restored, RestoreDateTime=at
    )
    return restored


def put_back(place: Stage, service: str, restored: str, now: datetime, key: str | None = None) -> int:
    """How many rows were put back: those that the table in use lacks, or the ones of `key`, there or not.

    A row of orders is never put over another: units that were sold since would be for sale again.
    Raises CannotDo.
    """
    if key and key.startswith(PASSING):
        raise CannotDo(f"{key} would begin again what has ended; such a row is never put back.")
    dynamodb, table = place.client("dynamodb"), _table(place, service)
    rows = _rows(dynamodb, restored)
    if service == "orders":
        rows = _as_drawn_on(rows, dynamodb, table)
    count, over = 0, key is not None and service != "orders"
    for row in rows:
        if key in (None, row["pk"]) and _lasts(row, now):
            count += _put(dynamodb, table, row, over=over) + _put_words(dynamodb, table, row)
    return count


def _rows(dynamodb: Any, table: str) -> Iterator[Row]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    return (unpack(item) for page in pages for item in page["Items"])


def _as_drawn_on(rows: Iterator[Row], dynamodb: Any, table: str) -> Iterator[Row]:
    """Orders that ended or are paid for; then inventories, with what the orders in use hold and bought."""
    inventories = []
    for row in rows:
        if row["pk"].startswith("TICKET#"):
            inventories.append(row)
        elif row.get("status") != "pending":
            yield row
    if not inventories:
        return
    held, sold = Counter[str](), Counter[str]()
    for row in _rows(dynamodb, table):
        if row.get("status") in ("pending", "completed"):
            (held if row["status"] == "pending" else sold)[row["ticket"]["id"]] += row["quantity"]
    for row in inventories:
        id = row["pk"].removeprefix("TICKET#")
        quantity = max(row["quantity"], held[id] + sold[id])
        free = quantity - held[id] - sold[id]
        yield row | {"quantity": quantity, "available": free, "held": held[id], "sold": sold[id]}


def _lasts(row: Row, now: datetime) -> bool:
    forgotten = row.get("forgetAt", now.timestamp() + 1) <= now.timestamp()
    return not row["pk"].startswith(PASSING) and not forgotten


def _put(dynamodb: Any, table: str, row: Row, *, over: bool) -> bool:
    put: dict[str, Any] = {"TableName": table, "Item": pack({k: v for k, v in row.items() if k != "silent"})}
    if not over:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    elif "email" in row:
        put["ConditionExpression"] = "attribute_exists(email) OR attribute_not_exists(pk)"
    elif "passwordHash" in row:
        put |= _same("userId", row["userId"])
    checks = [{"ConditionCheck": {"TableName": table, **each}} for each in _depends(row)]
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": put}, *checks])
    except dynamodb.exceptions.TransactionCanceledException as error:
        if any(reason["Code"] not in REFUSED for reason in error.response["CancellationReasons"]):
            raise
        return False
    return True


def _put_words(dynamodb: Any, table: str, row: Row) -> int:
    """By what a ticket is found, as it is now: words that its seller has taken out since stay out."""
    if "ticket" not in row or "seller" not in row:
        return 0
    key = pack(tickets.key(row["ticket"]["id"]))
    found = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
    if "Item" not in found:
        return 0
    words = tickets.of_words(tickets.ticket(unpack(found["Item"])))
    return sum(_put(dynamodb, table, each, over=False) for each in words.values())


def _depends(row: Row) -> list[dict[str, Any]]:
    """What must hold of other rows: an account is whole and not deleted, a listing has its seller."""
    kind, _, name = row["pk"].partition("#")
    if kind == "EMAIL":
        return [_agrees(f"USER#{row['userId']}", "email", name)]
    if kind == "USER" and "email" in row:
        return [_agrees(f"EMAIL#{row['email']}", "userId", row["userId"])]
    if "seller" in row:
        gone = pack(tickets.deleted_seller_key(row["seller"]))
        return [{"Key": gone, "ConditionExpression": "attribute_not_exists(pk)"}]
    return []


def _agrees(pk: str, name: str, value: str) -> dict[str, Any]:
    return {"Key": pack({"pk": pk}), **_same(name, value)}


def _same(name: str, value: str) -> dict[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(pk) OR #name = :value",
        "ExpressionAttributeNames": {"#name": name},
        "ExpressionAttributeValues": pack({":value": value}),
    }


def _table(place: Stage, service: str) -> str:
    outputs = place.outputs(service)
    if "TableName" not in outputs:
        raise CannotDo(f"{service} keeps nothing that could be restored: what it knows lasts a day.")
    return outputs["TableName"]


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    match arguments:
        case [name, service, "from", table, *key]:
            count = put_back(stage(name), service, table, datetime.now(UTC), key[0] if key else None)
            print(f"{count} rows of {service} were put back.")
        case [name, service, at]:
            place = stage(name)
            was = "is now: the local world keeps no history" if name == LOCAL else "was then"
            print(f"{restore(place, service, moment(at))} is being made, as {service}'s table {was}.")
        case _:
            raise CannotDo(str(__doc__))


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
