"""Sales in DynamoDB: one row per order, in a table that this service alone owns.

Index: `unsettled` (unsettled, due), of the rows that the scheduled job must settle.
"""

from dataclasses import replace
from datetime import datetime

from tiketz_common import aws, clock, conditional_writes
from tiketz_common.events import Event, marker
from tiketz_common.rows import pack, unpack

from payments import rows
from payments.model import Sale

UNSETTLED = "yes"  # the index's only partition


class SaleTable:
    """The payments table."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")

    def connect(self) -> None:
        """Open the connection before the first request, with a row that does not exist."""
        aws.open_connection(lambda: self.find("-"))

    def find(self, order_id: str) -> Sale | None:
        """The sale of an order as it is now; None for an unknown order."""
        response = self._client.get_item(
            TableName=self._name, Key=pack({"pk": order_id}), ConsistentRead=True
        )
        return rows.sale(unpack(response["Item"])) if "Item" in response else None

    def save(self, sale: Sale, now: datetime, event: Event | None = None) -> Sale:
        """Store a changed sale with the event that reports the change. Raises Contended.

        Without a new event the row keeps its former one and is `silent`: the stream skips the relay.
        It keeps its place in the scheduled job's queue too: another would cost two more writes.
        """
        row = {**rows.of_sale(sale), "revision": sale.revision + 1}
        row |= {"event": marker(event, now, whole=True)} if event else {"silent": True}
        if not sale.settled:
            row |= {"unsettled": UNSETTLED, "due": clock.to_wire(sale.next_sweep_at(now))}
        unset = [name for name in ("silent", "unsettled", "due", "money") if name not in row]
        new = {name: f":{name}" for name in row} | {"due": "if_not_exists(#due, :due)"}
        changes = ", ".join(f"#{name} = {new[name]}" for name in row)
        removed = f" REMOVE {', '.join(unset)}" if unset else ""
        read = {":read": sale.revision} if sale.revision else {}
        with conditional_writes.contended(self._client):
            self._client.update_item(
                TableName=self._name,
                Key=pack({"pk": sale.order.id}),
                UpdateExpression=f"SET {changes}{removed}",
                ConditionExpression="revision = :read" if read else "attribute_not_exists(pk)",
                ExpressionAttributeNames={f"#{name}": name for name in row},
                ExpressionAttributeValues=pack({f":{name}": value for name, value in row.items()} | read),
            )
        published_at = now if event else sale.published_at
        return replace(sale, revision=sale.revision + 1, published_at=published_at)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of orders whose money is unsettled and due, the longest due first."""
        response = self._client.query(
            TableName=self._name,
            IndexName="unsettled",
            KeyConditionExpression="unsettled = :unsettled AND due <= :now",
            ExpressionAttributeValues=pack({":unsettled": UNSETTLED, ":now": clock.to_wire(now)}),
            Limit=limit,
        )
        return [item["pk"]["S"] for item in response["Items"]]

    def postpone_sweep(self, sale: Sale, now: datetime) -> None:
        """Put an unsettled sale at the end of the scheduled job's queue, unless it was settled meanwhile."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key=pack({"pk": sale.order.id}),
                UpdateExpression="SET due = :due",
                ConditionExpression="attribute_exists(due)",
                ExpressionAttributeValues=pack({":due": clock.to_wire(sale.next_sweep_at(now))}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return
