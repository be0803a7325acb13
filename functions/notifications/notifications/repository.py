"""Purchases and mails, in one DynamoDB table that this service alone owns.

Rows by `pk`: `ORDER#id` (what mails say of an order) and `MAIL#template#id#role` (whether a mail was sent,
and nothing of its text). Both are forgotten after 40 days: nothing older than two days is mailed.
"""

from datetime import datetime, timedelta

from tiketz_common import aws, conditional_writes, ids
from tiketz_common.inbox import RetryLater
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row, pack, unpack

from notifications.model import Mail, Order, Payment, Purchase, Reason

KEPT = timedelta(days=40)
LEASE = timedelta(seconds=60)  # the consumer's timeout: whoever took a mail has ended after it

_ORDER = RowCodec(Order, without=("id",))
_PAYMENT = RowCodec(Payment)


class MailTaken(RetryLater):
    """Another process is sending this mail now, or died within the last minute."""


class NotificationTable:
    """The notifications table."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")
        aws.open_connection(lambda: self.purchase("-"))

    def purchase(self, order_id: str) -> Purchase:
        """What is known of an order, which may be nothing."""
        row = self._row(f"ORDER#{order_id}")
        return _purchase(order_id, row) if row else Purchase(order_id=order_id)

    def save(self, purchase: Purchase, now: datetime) -> None:
        """Store a purchase. Raises Contended where it has changed since it was read."""
        row: Row = {
            "pk": f"ORDER#{purchase.order_id}",
            "completed": purchase.completed,
            "refundFailed": purchase.refund_failed,
            "revision": purchase.revision + 1,
            "forgetAt": _end(now),
        }
        if purchase.order:
            row["order"] = _ORDER.to_row(purchase.order)
        if purchase.payment:
            row["payment"] = _PAYMENT.to_row(purchase.payment)
        with conditional_writes.contended(self._client):
            self._client.put_item(
                TableName=self._name,
                Item=pack(row),
                ConditionExpression="attribute_not_exists(pk) OR revision = :read",
                ExpressionAttributeValues=pack({":read": purchase.revision}),
            )

    def take(self, mail: Mail, now: datetime) -> bool:
        """Reserve a mail for this process for a minute; False where it was sent or suppressed.

        A new mail is stored as due. Raises MailTaken.
        """
        taker = ids.new()
        values: Row = {
            ":due": "due",
            ":taker": taker,
            ":now": int(now.timestamp()),
            ":until": int((now + LEASE).timestamp()) + 1,
            ":end": _end(now),
        }
        try:
            self._client.update_item(
                TableName=self._name,
                Key=_key(mail),
                UpdateExpression="SET #state = :due, taker = :taker, takenUntil = :until, forgetAt = :end",
                # The taker is its own where the SDK repeats a call whose reply was lost.
                ConditionExpression="attribute_not_exists(#state)"
                " OR (#state = :due AND (takenUntil <= :now OR taker = :taker))",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues=pack(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            row = self._row(f"MAIL#{mail.id}")
            if row and row["state"] == "due":
                raise MailTaken(mail.id) from error
            return False
        return True

    def give_back(self, mail: Mail) -> None:
        """End the reservation of a mail that is still due: the next attempt need not wait."""
        self._set(mail, {"takenUntil": 0})

    def mark_sent(self, mail: Mail) -> None:
        """A mail is sent."""
        self._set(mail, {"state": "sent"})

    def suppress(self, mail: Mail, reason: Reason) -> None:
        """A mail is never sent."""
        self._set(mail, {"state": "suppressed", "reason": reason.value})

    def _set(self, mail: Mail, values: Row) -> None:
        self._client.update_item(
            TableName=self._name,
            Key=_key(mail),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues=pack({f":{name}": value for name, value in values.items()}),
        )

    def _row(self, pk: str) -> Row | None:
        response = self._client.get_item(TableName=self._name, Key=pack({"pk": pk}), ConsistentRead=True)
        return unpack(response["Item"]) if "Item" in response else None


def _key(mail: Mail) -> dict[str, dict[str, str]]:
    return pack({"pk": f"MAIL#{mail.id}"})


def _end(now: datetime) -> int:
    """When a row may be dropped, in seconds since 1970."""
    return int((now + KEPT).timestamp())


def _purchase(order_id: str, row: Row) -> Purchase:
    order, payment = row.get("order"), row.get("payment")
    return Purchase(
        order_id=order_id,
        order=_ORDER.from_row(order, id=order_id) if order else None,
        payment=_PAYMENT.from_row(payment) if payment else None,
        completed=row["completed"],
        refund_failed=row.get("refundFailed", False),
        revision=row["revision"],
    )
