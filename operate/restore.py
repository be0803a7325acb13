"""Restore a service's table to a point in time, or copy rows back from it.

With --at, a new table is created beside the one in use, which stays (prod keeps 35 days of history). With
--table, rows that the table in use lacks are copied back from the new one, and publish their latest event
again; with --key, one row, even over the present one.

Rows of what has ended are not copied back: deleted accounts and their listings, sessions, counts of held
units. Nor are pending orders, which may have been paid since. Inventories count the orders in use.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tickets import rows as tickets
from tiketz_common.rows import Row, pack, unpack

from operate import stages
from operate.command import CommandError, UsageError, parse_time
from operate.stages import LocalStage, Stage

# Rows that are deleted when they end, so a missing one has ended. Words are copied with their ticket.
TRANSIENT = ("FAMILY#", "ATTEMPTS#", "WAITING#", "HELD#", "UNPAID#", "WORD#")
NOT_COPIED = ("ConditionalCheckFailed", "None")  # reasons of a cancelled transaction


def restore(stage: Stage, service: str, at: datetime) -> str:
    """The name of the new table, which can be read after some minutes. Raises CommandError."""
    table = _table(stage, service)
    restored = f"{table}-{at:%Y%m%dT%H%M%S}"
    stage.client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=restored, RestoreDateTime=at
    )
    return restored


def copy_back(stage: Stage, service: str, restored: str, now: datetime, key: str | None = None) -> int:
    """The number of rows copied: those that the table in use lacks, or those of `key`, present or not.

    A present row of orders is never overwritten: units that were sold since would be for sale again.
    Raises CommandError.
    """
    if key and key.startswith(TRANSIENT):
        raise UsageError(f"{key} is transient and can't be restored.")
    dynamodb, table = stage.client("dynamodb"), _table(stage, service)
    rows = _rows(dynamodb, restored)
    if service == "orders":
        rows = _recounted(rows, dynamodb, table)
    count, overwrite = 0, key is not None and service != "orders"
    for row in rows:
        if key in (None, row["pk"]) and _is_restorable(row, now):
            count += _put(dynamodb, table, row, overwrite=overwrite) + _put_words(dynamodb, table, row)
    return count


def _rows(dynamodb: Any, table: str) -> Iterator[Row]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    return (unpack(item) for page in pages for item in page["Items"])


def _recounted(rows: Iterator[Row], dynamodb: Any, table: str) -> Iterator[Row]:
    """The orders that are not pending; then the inventories, recounted from the orders in use."""
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
        ticket_id = row["pk"].removeprefix("TICKET#")
        quantity = max(row["quantity"], held[ticket_id] + sold[ticket_id])
        available = quantity - held[ticket_id] - sold[ticket_id]
        yield row | {
            "quantity": quantity,
            "available": available,
            "held": held[ticket_id],
            "sold": sold[ticket_id],
        }


def _is_restorable(row: Row, now: datetime) -> bool:
    expired = row.get("forgetAt", now.timestamp() + 1) <= now.timestamp()
    return not row["pk"].startswith(TRANSIENT) and not expired


def _put(dynamodb: Any, table: str, row: Row, *, overwrite: bool) -> bool:
    """Whether the row was written: not over a present one unless `overwrite`, nor against other rows."""
    item = pack({name: value for name, value in row.items() if name != "silent"})
    put: dict[str, Any] = {"TableName": table, "Item": item}
    if not overwrite:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    elif "email" in row:
        put["ConditionExpression"] = "attribute_exists(email) OR attribute_not_exists(pk)"
    elif "passwordHash" in row:
        put |= _absent_or_equal("userId", row["userId"])
    checks = [{"ConditionCheck": {"TableName": table, **each}} for each in _condition_checks(row)]
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": put}, *checks])
    except dynamodb.exceptions.TransactionCanceledException as error:
        if any(reason["Code"] not in NOT_COPIED for reason in error.response["CancellationReasons"]):
            raise
        return False
    return True


def _put_words(dynamodb: Any, table: str, row: Row) -> int:
    """Write the missing search words of a ticket as it is now, without those its seller has removed since."""
    if "ticket" not in row or "seller" not in row:
        return 0
    key = pack(tickets.key(row["ticket"]["id"]))
    response = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
    if "Item" not in response:
        return 0
    words = tickets.of_words(tickets.ticket(unpack(response["Item"])))
    return sum(_put(dynamodb, table, each, overwrite=False) for each in words.values())


def _condition_checks(row: Row) -> list[dict[str, Any]]:
    """Conditions on other rows: an account's two rows agree, a listing's seller has not deleted theirs."""
    kind, _, name = row["pk"].partition("#")
    if kind == "EMAIL":
        return [{"Key": pack({"pk": f"USER#{row['userId']}"}), **_absent_or_equal("email", name)}]
    if kind == "USER" and "email" in row:
        return [{"Key": pack({"pk": f"EMAIL#{row['email']}"}), **_absent_or_equal("userId", row["userId"])}]
    if "seller" in row:
        deleted = pack(tickets.deleted_seller_key(row["seller"]))
        return [{"Key": deleted, "ConditionExpression": "attribute_not_exists(pk)"}]
    return []


def _absent_or_equal(name: str, value: str) -> dict[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(pk) OR #name = :value",
        "ExpressionAttributeNames": {"#name": name},
        "ExpressionAttributeValues": pack({":value": value}),
    }


def _table(stage: Stage, service: str) -> str:
    outputs = stage.outputs(service)
    if "TableName" not in outputs:
        raise CommandError(f"{service} has nothing to restore: its rows expire after a day.")
    return outputs["TableName"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    stages.add_service(parser)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--at", type=parse_time, help="restore a new table, such as 2026-12-01T18:00:00Z")
    source.add_argument("--table", help="copy missing rows back from this restored table")
    parser.add_argument("--key", help="with --table: copy back the rows of this partition key (pk) only")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    if options.key and not options.table:
        raise UsageError("A key needs the restored table (TABLE=, --table) to copy its row from.")
    stage, service = stages.load(options.stage), options.service
    if options.table:
        count = copy_back(stage, service, options.table, datetime.now(UTC), options.key)
        print(f"Copied {count} rows back to {service}.")
        return
    table = restore(stage, service, options.at)
    history = (
        "as it is now: a local environment keeps no history" if isinstance(stage, LocalStage) else "then"
    )
    print(f"{table} is being created from the table of {service} {history}.")
