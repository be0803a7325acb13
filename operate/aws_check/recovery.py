"""What operators do after failures: redrive a failed message, restore a lost row."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tickets import rows as tickets
from tiketz_common.rows import pack

from operate import redrive as redriving
from operate import restore as restoring
from operate.aws_check.run import NotPlayed, Run
from operate.command import CommandError

RESTORE_SECONDS = 1800
POLL_SECONDS = 5


def redrive(run: Run) -> None:
    """A repeated event is put among orders' failed messages, moved back, and consumed without effect."""
    sqs, outputs = run.stage.client("sqs"), run.stage.outputs("orders")
    sqs.send_message(QueueUrl=outputs["InboxDeadUrl"], MessageBody=json.dumps(_hold_elapsed(run)))
    if redriving.redrive(run.stage, "orders") < 1:
        run.differs("redrive", "the failed message of orders was not moved")
    until = time.monotonic() + 60
    while left := sum(_messages(sqs, outputs[each]) for each in ("InboxUrl", "InboxDeadUrl")):
        if time.monotonic() > until:
            raise CommandError(f"{left} messages of orders are not consumed after a minute.")
        time.sleep(1)


def restore(run: Run) -> None:
    """The ticket's row is deleted, and copied back from a restored table."""
    _needs_order(run)
    stage, ticket = run.stage, run.order["ticketId"]
    dynamodb, key = stage.client("dynamodb"), pack(tickets.key(ticket))
    table = stage.outputs("tickets")["TableName"]
    if run.local and stage.ready["dynamodb"]:  # type: ignore[attr-defined]
        raise NotPlayed("DynamoDB Local keeps no history")
    at = datetime.now(UTC) if run.local else _restorable_after_now(dynamodb, table)
    restored = restoring.restore(stage, "tickets", at)
    _wait_until_active(dynamodb, restored)
    before = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    dynamodb.delete_item(TableName=table, Key=key)
    count = restoring.copy_back(stage, "tickets", restored, datetime.now(UTC), next(iter(key["pk"].values())))
    after = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    dynamodb.delete_table(TableName=restored)
    if not count or after is None:
        run.differs("restore", "the deleted row was not copied back")
    elif lost := before.keys() - after.keys() - {"silent"}:  # a mark for the stream, which is not restored
        run.differs("restore", f"the row came back without {', '.join(sorted(lost))}")


def _hold_elapsed(run: Run) -> dict[str, Any]:
    """The event of an order that has been paid long since."""
    _needs_order(run)
    data = {"orderId": run.order["id"], "expiresAt": run.order["expiresAt"]}
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    detail = {"eventId": str(uuid4()), "schemaVersion": 1, "occurredAt": now, "correlationId": "aws-check"}
    return {"source": "tiketz.expiration", "detail-type": "HoldElapsed", "detail": {**detail, "data": data}}


def _needs_order(run: Run) -> None:
    if not run.order:
        raise CommandError("There is no order: the purchase failed.")


def _messages(sqs: Any, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(attributes[each]) for each in names)


def _restorable_after_now(dynamodb: Any, table: str) -> datetime:
    """The first time after now to which the table can be restored; that takes some minutes."""
    now, until = datetime.now(UTC), time.monotonic() + RESTORE_SECONDS
    while True:
        described = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        latest: datetime = described["PointInTimeRecoveryDescription"]["LatestRestorableDateTime"]
        if latest > now:
            return latest
        _give_up_after(until, "The table can't be restored to a time after the purchase.")


def _wait_until_active(dynamodb: Any, table: str) -> None:
    until = time.monotonic() + RESTORE_SECONDS
    while dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] != "ACTIVE":
        _give_up_after(until, f"{table} is not active after {RESTORE_SECONDS} s.")


def _give_up_after(until: float, sentence: str) -> None:
    if time.monotonic() > until:
        raise CommandError(sentence)
    time.sleep(POLL_SECONDS)
