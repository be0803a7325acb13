"""Orders and the inventory they draw on, in one DynamoDB table that this service alone owns.

Rows by `pk`: `ORDER#id`, `TICKET#id` (inventory), `GONE#user` (a deleted account), and what a buyer holds
unpaid (holds.py).
Indexes, of keys alone: `byBuyer` (userId, createdAt); of pending orders, `pending` (pendingShard, expiresAt).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tiketz_common import aws, batch, clock, conditional_writes
from tiketz_common.errors import Conflict, NotFound, Unauthorized
from tiketz_common.events import Event, correlation_id, marker
from tiketz_common.retry import Contended
from tiketz_common.rows import Row, pack, unpack

from orders import holds, rows
from orders.limits import HoldLimits
from orders.model import Inventory, Order, Status, Ticket, UnitState, unit_transfers

MAX_CACHED_INVENTORIES = 1_000  # tickets
SHARDS = "0123456789abcdef"  # the last digit of an order's id
OVERDUE_PER_SHARD = 100
PUBLISHED_LATELY = timedelta(minutes=1)
GONE_ROW_LIFE_SECONDS = 40 * 24 * 3600  # longer than any session, and than a table can be restored to

Write = dict[str, Any]


class OrderTable:
    """The orders table. Every write raises Contended where the rows changed or others write them now."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")
        self._inventories: dict[str, Inventory] = {}

    def connect(self) -> None:
        """Open the connection before the first request, with a row that does not exist."""
        aws.open_connection(lambda: self._row("-"))

    def find(self, order_id: str) -> Order | None:
        """The order as it is now; None for an unknown id."""
        row = self._row(f"ORDER#{order_id}")
        return rows.order(row) if row else None

    def inventory(self, ticket_id: str) -> Inventory:
        """A ticket and its units as they are now. Raises NotFound."""
        row = self._row(f"TICKET#{ticket_id}")
        if row is None:
            raise NotFound("We know no such ticket.", code="ticket_unknown")
        if len(self._inventories) >= MAX_CACHED_INVENTORIES:
            self._inventories.clear()
        self._inventories[ticket_id] = rows.inventory(row)
        return self._inventories[ticket_id]

    def cached_inventory(self, ticket_id: str) -> Inventory | None:
        """A ticket and its units as this process last read them, which may be long ago."""
        return self._inventories.get(ticket_id)

    def of_buyer(self, buyer_id: str, limit: int, after: Row | None) -> tuple[list[Order], Row | None]:
        """A page of the buyer's orders, newest first, and the position where the next begins.

        The index holds only keys, so that changes of an order are not written to it.
        """
        response = self._query(
            "byBuyer",
            "userId = :buyer",
            {":buyer": buyer_id},
            ScanIndexForward=False,
            Limit=limit + 1,
            **({"ExclusiveStartKey": pack({**after, "userId": buyer_id})} if after else {}),
        )
        page = [unpack(item) for item in response["Items"][:limit]]
        more = len(response["Items"]) > limit
        next_page = {name: page[-1][name] for name in ("pk", "createdAt")} if more else None
        return [rows.order(row) for row in self._rows([row["pk"] for row in page])], next_page

    def overdue(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Ids of pending orders past their time, and when it ended; in each shard, the oldest first."""
        for shard in SHARDS:
            values = {":shard": shard, ":now": clock.to_wire(now)}
            response = self._query(
                "pending", "pendingShard = :shard AND expiresAt <= :now", values, Limit=OVERDUE_PER_SHARD
            )
            for item in response["Items"]:
                yield item["pk"]["S"].removeprefix("ORDER#"), clock.from_wire(item["expiresAt"]["S"])

    def add(self, order: Order, inventory: Inventory, event: Event, limits: HoldLimits) -> None:
        """Claim the units, store the order with its event, count the buyer's units: all or nothing.

        Raises Contended if the listing or its free units are no longer as `inventory` says, Conflict for an
        order that exists and for a buyer who would hold too many of it, TooManyRequests beyond `limits`,
        Unauthorized for a deleted account.
        """
        now = order.created_at
        claim = self._transfer_units(order, "available", now)
        claim["ConditionExpression"] = "available >= :n AND listed = :listed AND ticketVersion = :read"
        claim["ExpressionAttributeValues"] |= pack(
            {":n": order.quantity, ":listed": True, ":read": inventory.ticket.version}
        )
        put = {"Item": self._item(order, event, now), "ConditionExpression": "attribute_not_exists(pk)"}
        has_account = {
            "Key": pack({"pk": f"GONE#{order.user_id}"}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        held, unpaid = holds.count_placed(order, limits, now)
        writes = [("Update", claim), ("Put", put), ("ConditionCheck", has_account), ("Update", held)]
        failed = self._write(*writes, ("Update", unpaid))
        if (stale := failed[-1]) is not None and holds.is_stale(stale, now):
            failed = self._write(*writes, ("Update", holds.recount_unpaid(order, stale, now)))
            if failed[-1] is not None:
                raise Contended
        claim_failed, exists, is_gone, held_row, unpaid_row = failed
        if exists is not None:
            raise Conflict("This order exists already.", code="order_exists")
        if is_gone is not None:
            raise Unauthorized("This account was deleted.", code="account_deleted")
        holds.refuse(held_row, unpaid_row, order, limits, now)
        if claim_failed is not None:
            raise Contended

    def save(self, before: Order, after: Order, event: Event, now: datetime) -> None:
        """Store an order's change with its event and its units' transfer: all or nothing.

        Raises Contended if the order is no longer as `before`.
        """
        put = {
            "Item": self._item(after, event, now),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": pack({":read": before.version}),
        }
        writes: list[tuple[str, Write]] = [("Put", put)]
        if before.units != after.units:
            writes.append(("Update", self._transfer_units(after, before.units, now)))
        if before.status is Status.PENDING is not after.status:
            writes += [("Update", count) for count in holds.count_ended(after, now)]
        if self._write(*writes)[0] is not None:
            raise Contended

    def block_buyer(self, user_id: str, now: datetime) -> None:
        """Let a deleted account order nothing more. Idempotent."""
        forget_at = int(now.timestamp()) + GONE_ROW_LIFE_SECONDS
        self._client.put_item(
            TableName=self._name, Item=pack({"pk": f"GONE#{user_id}", "forgetAt": forget_at})
        )

    def publish_again(self, order: Order, event: Event, now: datetime) -> None:
        """Publish an unchanged order once more, unless it has changed or was published within a minute."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key=pack({"pk": f"ORDER#{order.id}"}),
                UpdateExpression="SET #event = :event",
                ConditionExpression="version = :read AND #event.#time < :before",
                ExpressionAttributeNames={"#event": "event", "#time": "time"},
                ExpressionAttributeValues=pack(
                    {
                        ":event": marker(event, now),
                        ":read": order.version,
                        ":before": clock.to_wire(now - PUBLISHED_LATELY),
                    }
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def upsert_listing(self, ticket: Ticket, now: datetime) -> None:
        """Store a listing newer than ours; units added to it are free units."""
        stored = self._row(f"TICKET#{ticket.id}")
        if stored and stored["ticketVersion"] >= ticket.version:
            return
        write = self._update_listing(ticket, stored, now) if stored else self._insert_listing(ticket, now)
        self._write(write)

    def _insert_listing(self, ticket: Ticket, now: datetime) -> tuple[str, Write]:
        row = {
            "pk": f"TICKET#{ticket.id}",
            **rows.of_ticket(ticket),
            "quantity": ticket.quantity,
            "available": ticket.quantity,
            "held": 0,
            "sold": 0,
            "inventoryVersion": 1,
            "changedAt": clock.to_wire(now),
            "correlationId": correlation_id.get(),
        }
        return "Put", {"Item": pack(row), "ConditionExpression": "attribute_not_exists(pk)"}

    def _update_listing(self, ticket: Ticket, stored: Row, now: datetime) -> tuple[str, Write]:
        changes = [f"{name} = :{name}" for name in rows.of_ticket(ticket)]
        values = {f":{name}": value for name, value in rows.of_ticket(ticket).items()}
        if ticket.quantity != stored["quantity"]:
            changes += ["quantity = :quantity", "available = available + :delta", *self._UNITS_CHANGED]
            values |= {":quantity": ticket.quantity, ":delta": ticket.quantity - stored["quantity"]}
            values |= self._units_changed(now)
        return "Update", {
            "Key": pack({"pk": f"TICKET#{ticket.id}"}),
            "UpdateExpression": "SET " + ", ".join(changes),
            "ConditionExpression": "ticketVersion = :readVersion AND quantity = :readQuantity",
            "ExpressionAttributeValues": pack(
                {**values, ":readVersion": stored["ticketVersion"], ":readQuantity": stored["quantity"]}
            ),
        }

    _UNITS_CHANGED = (
        "inventoryVersion = inventoryVersion + :one",
        "changedAt = :at",
        "correlationId = :correlation",
    )

    def _units_changed(self, now: datetime) -> Row:
        return {":one": 1, ":at": clock.to_wire(now), ":correlation": correlation_id.get()}

    def _transfer_units(self, order: Order, source: UnitState, now: datetime) -> Write:
        """Transfer the order's units to where it says that they are."""
        units = unit_transfers(source, order.units, order.quantity)
        changes = [f"{state} = {state} + :{state}" for state in units]
        values = {f":{state}": count for state, count in units.items()}
        return {
            "Key": pack({"pk": f"TICKET#{order.ticket_id}"}),
            "UpdateExpression": "SET " + ", ".join([*changes, *self._UNITS_CHANGED]),
            "ExpressionAttributeValues": pack({**values, **self._units_changed(now)}),
        }

    def _item(self, order: Order, event: Event, now: datetime) -> dict[str, Any]:
        return pack(rows.of_order(order, marker(event, now)))

    def _row(self, pk: str) -> Row | None:
        response = self._client.get_item(TableName=self._name, Key=pack({"pk": pk}), ConsistentRead=True)
        return unpack(response["Item"]) if "Item" in response else None

    def _rows(self, pks: list[str]) -> list[Row]:
        """The rows with these keys, at most a hundred, in the same order. Raises Unavailable.

        The index may have a row before the replica that is read does; that row is left out.
        """
        read = {row["pk"]: row for row in batch.read(self._client, self._name, [{"pk": pk} for pk in pks])}
        return [read[pk] for pk in pks if pk in read]

    def _query(self, index: str, condition: str, values: Row, **more: Any) -> Any:
        return self._client.query(
            TableName=self._name,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=pack(values),
            **more,
        )

    def _write(self, *writes: tuple[str, Write]) -> list[Row | None]:
        """Write all or none; for each write None, or what its row was where its condition failed."""
        items = [{verb: {"TableName": self._name, **write}} for verb, write in writes]
        if len(items) > 1:
            reasons = conditional_writes.transact(self._client, items)
            return [_failed(reason) for reason in reasons] or [None] * len(items)
        [(verb, write)] = items[0].items()
        with conditional_writes.contended(self._client):
            if verb == "Put":
                self._client.put_item(**write)
            else:
                self._client.update_item(**write)
        return [None]


def _failed(reason: conditional_writes.Reason) -> Row | None:
    """The row that failed a write's condition, empty where it is not known; None where it held."""
    if reason["Code"] != conditional_writes.CONDITION_FAILED:
        return None
    return unpack(reason.get("Item", {}))
