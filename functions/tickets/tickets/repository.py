"""Tickets in DynamoDB: one table that this service alone owns (see rows).

The lists are Queries on sparse indexes whose partition is one constant (a city or a category where one is
asked for in the usual order). A partition takes 1 000 write units and 3 000 read units a second: some
hundreds of listings that come, go or change their stock each second, and a thousand pages read. Beyond
that, `shelf` becomes `all-0` … `all-9` by the id's last digit and a list merges ten Queries; a cursor is a
place in an order, whatever the partition, so it stays as it is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tiketz_common import aws, batch, clock, conditional_writes, retry
from tiketz_common.errors import Unauthorized
from tiketz_common.events import Event, marker
from tiketz_common.rows import Row, pack, unpack

from tickets import rows
from tickets.catalogue import Page, Sort, TicketSearch, index_query, word_query
from tickets.model import Ticket

# What one request may cost at most. At a bound a list answers a short page, and goes on from its cursor.
MAX_QUERIES = 8  # along an index, each reaching twice as far as the one before
FIRST_QUERY_LIMIT = 25  # rows
MAX_WORD_QUERIES = 4  # of 1 MB each: some 10 000 places, those of the exact word first
MAX_READS = 4  # of up to 100 tickets each
BATCH = 100  # BatchGetItem takes at most a hundred keys


class TicketTable:
    """The tickets table. Writes raise Contended where the ticket changed or others write it now."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.connected_client("dynamodb")

    def find(self, id: str) -> Ticket | None:
        found = self._client.get_item(
            TableName=self._name,
            Key=pack(rows.key(id)),
            ConsistentRead=True,
            ProjectionExpression=rows.PROJECTION,
        )
        return rows.ticket(unpack(found["Item"])) if "Item" in found else None

    @retry.optimistic()
    def add(self, ticket: Ticket, event: Event, now: datetime) -> None:
        """Store a new ticket, its event and its word rows: all or nothing.

        Raises Unauthorized for a seller whose account is deleted, Unavailable.
        """
        put = self._put(rows.of_ticket(ticket, marker(event, now), now))
        put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
        stays = {
            "Key": pack(rows.deleted_seller_key(ticket.seller_id)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        check = {"ConditionCheck": {"TableName": self._name, **stays}}
        self._write([put, check, *map(self._put, rows.of_words(ticket).values())])

    def save(self, before: Ticket, after: Ticket, event: Event, now: datetime) -> None:
        """Store a seller's change, its event and the word rows that differ: all or nothing."""
        put = self._put(rows.of_ticket(after, marker(event, now), now))
        put["Put"]["ConditionExpression"] = "ticket.version = :version AND inventoryVersion = :inventory"
        put["Put"]["ExpressionAttributeValues"] = pack(
            {":version": before.version, ":inventory": before.inventory.version}
        )
        was, now_is = rows.of_words(before), rows.of_words(after)
        changed = [self._put(row) for word, row in now_is.items() if row != was.get(word)]
        gone = [self._delete(row) for word, row in was.items() if word not in now_is]
        self._write([put, *changed, *gone])

    def block_seller(self, seller_id: str, now: datetime) -> datetime:
        """Let somebody who is gone list nothing more; since when it is so."""
        key = pack(rows.deleted_seller_key(seller_id))
        found = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        if "Item" in found:
            return clock.from_wire(unpack(found["Item"])["since"])
        self._client.put_item(TableName=self._name, Item=pack(rows.of_deleted_seller(seller_id, now)))
        return now

    def apply_inventory(self, ticket: Ticket, now: datetime) -> None:
        """Store what orders told of a ticket's units, and whether it is for sale: no event, no version."""
        fields = {**rows.of_inventory(ticket.inventory), **rows.shelves(ticket, now)}
        fields["silent"] = True
        changes = "SET " + ", ".join(f"{name} = :{name}" for name in fields)
        if gone := [name for name in rows.SHELVES if name not in fields]:
            changes += " REMOVE " + ", ".join(gone)
        values = {f":{name}": value for name, value in fields.items()}
        self._update(
            ticket.id,
            UpdateExpression=changes,
            ConditionExpression="ticket.version = :version AND inventoryVersion < :inventoryVersion",
            ExpressionAttributeValues=pack({**values, ":version": ticket.version}),
        )

    def started(self, now: datetime, limit: int) -> list[str]:
        """Ids of tickets still on the shelf whose date has passed, the oldest first."""
        found = self._client.query(
            TableName=self._name,
            IndexName="soonest",
            KeyConditionExpression="shelf = :all AND soonest <= :now",
            ExpressionAttributeValues=pack({":all": "all", ":now": clock.to_wire(now) + rows.HIGHEST}),
            Limit=limit,
        )
        return [rows.ticket_id_at(item["soonest"]["S"]) for item in found["Items"]]

    def unlist(self, id: str, now: datetime) -> None:
        """Take a ticket whose date has passed off the shelf."""
        self._update(
            id,
            UpdateExpression="SET silent = :silent REMOVE " + ", ".join(rows.SHELVES),
            ConditionExpression="soonest <= :now",
            ExpressionAttributeValues=pack({":now": clock.to_wire(now) + rows.HIGHEST, ":silent": True}),
        )

    def of_seller(self, seller_id: str, limit: int, after: str | None) -> Page:
        """A page of the seller's tickets in every state, newest first."""
        values = {":seller": seller_id, **({":after": after} if after else {})}
        found = self._client.query(
            TableName=self._name,
            IndexName="bySeller",
            KeyConditionExpression="seller = :seller" + (" AND newest < :after" if after else ""),
            ExpressionAttributeValues=pack(values),
            ScanIndexForward=False,
            Limit=limit + 1,
        )
        places = [item["newest"]["S"] for item in found["Items"]]
        return Page(self._tickets_at(places[:limit]), places[limit - 1] if len(places) > limit else None)

    def browse(self, search: TicketSearch, limit: int, after: str | None, now: datetime) -> Page:
        """A page of the tickets that can be bought and are as wished.

        It may be short, even empty, without being the last.
        """
        key_ranges = search.key_ranges(after, now)
        if any(key_range.empty for key_range in key_ranges.values()) or search.words == ():
            return Page([], None)
        if search.words:
            return self._query_words(search, word_query(search, key_ranges), limit, now)
        return self._query_index(search.sort, index_query(search, key_ranges), limit)

    def _query_index(self, sort: Sort, ask: dict[str, Any], limit: int) -> Page:
        """Along an index until the page is full."""
        found: list[Row] = []
        reach = max(limit + 1, FIRST_QUERY_LIMIT)
        for _ in range(MAX_QUERIES):
            answer = self._client.query(TableName=self._name, Limit=reach, **ask)
            found += [unpack(item) for item in answer["Items"]]
            last = answer.get("LastEvaluatedKey")
            if len(found) > limit:
                return Page([rows.ticket(row) for row in found[:limit]], found[limit - 1][sort])
            if last is None:
                return Page([rows.ticket(row) for row in found], None)
            ask, reach = {**ask, "ExclusiveStartKey": last}, 2 * reach
        return Page([rows.ticket(row) for row in found], last[sort]["S"])

    def _query_words(self, search: TicketSearch, ask: dict[str, Any], limit: int, now: datetime) -> Page:
        """Word rows know no stock: read the tickets they name, in the order asked for, until it is full."""
        places = sorted(set(self._word_positions(search.sort, ask)), reverse=search.sort is Sort.NEWEST)
        found: list[tuple[str, Ticket]] = []
        size = min(limit + 1, BATCH)
        for start in range(0, min(len(places), MAX_READS * size), size):
            asked = places[start : start + size]
            read = {ticket.id: ticket for ticket in self._tickets_at(asked)}
            known = [(at, read[id]) for at in asked if (id := rows.ticket_id_at(at)) in read]
            found += [(at, ticket) for at, ticket in known if ticket.on_sale(now)]
            if len(found) > limit:
                return Page([ticket for _, ticket in found[:limit]], found[limit - 1][0])
        unread = len(places) > MAX_READS * size
        return Page([ticket for _, ticket in found], places[MAX_READS * size - 1] if unread else None)

    def _word_positions(self, sort: Sort, ask: dict[str, Any]) -> Iterator[str]:
        for _ in range(MAX_WORD_QUERIES):
            answer = self._client.query(TableName=self._name, **ask)
            yield from (item[sort]["S"] for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            ask = {**ask, "ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _tickets_at(self, places: list[str]) -> list[Ticket]:
        """The tickets at these places, at most a hundred, in the same order."""
        ids = [rows.ticket_id_at(place) for place in places]
        keys = [rows.key(id) for id in ids]
        found = batch.read(self._client, self._name, keys, ProjectionExpression=rows.PROJECTION)
        read = {ticket.id: ticket for ticket in map(rows.ticket, found)}
        return [read[id] for id in ids if id in read]

    def _put(self, row: Row) -> dict[str, Any]:
        return {"Put": {"TableName": self._name, "Item": pack(row)}}

    def _delete(self, row: Row) -> dict[str, Any]:
        return {"Delete": {"TableName": self._name, "Key": pack({name: row[name] for name in ("pk", "sk")})}}

    def _write(self, writes: list[dict[str, Any]]) -> None:
        """Write all or none. Besides the first, only a check of the seller has a condition."""
        reasons = conditional_writes.transact(self._client, writes)
        if conditional_writes.CONDITION_FAILED in [reason["Code"] for reason in reasons[1:]]:
            raise Unauthorized("This account was deleted.", code="account_deleted")
        if reasons:
            raise retry.Contended

    def _update(self, ticket_id: str, **change: Any) -> None:
        with conditional_writes.contended(self._client):
            self._client.update_item(TableName=self._name, Key=pack(rows.key(ticket_id)), **change)
