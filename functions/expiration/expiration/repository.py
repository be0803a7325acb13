"""Orders that ended, in DynamoDB: one table that this service alone owns."""

from datetime import datetime, timedelta

from tiketz_common import aws
from tiketz_common.rows import pack

KEPT = timedelta(days=1)  # longer than OrderCreated can be late; a timer that starts later does no harm


class EndedOrders:
    """The expiration table: a row for each order that ended within a day."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")

    def add(self, order_id: str, now: datetime) -> None:
        """Store that an order ended. Idempotent."""
        row = {"pk": order_id, "forgetAt": int((now + KEPT).timestamp())}
        self._client.put_item(TableName=self._name, Item=pack(row))

    def has(self, order_id: str) -> bool:
        """Whether an order ended within a day."""
        key = pack({"pk": order_id})
        return "Item" in self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
