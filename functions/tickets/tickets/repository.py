"""Tickets in DynamoDB: one table that this service alone owns (see rows).

Lists are Queries on sparse indexes with one constant partition (a city or a category where one is requested
in the order `soonest`). A partition takes 1 000 write units and 3 000 read units a second: some hundreds of
listings created, withdrawn or changed in their units each second, and a thousand pages read. Beyond that,
`shelf` becomes `all-0` … `all-9` by the id's last digit and a list merges ten Queries. Cursors stay as they
are: they are sort keys, whatever the partition.
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

# What one request may cost at most. At a limit a list returns a short page, and continues from its cursor.
MAX_QUERIES = 8  # over an index, each with twice the limit of the one before
FIRST_QUERY_LIMIT = 25  # rows
MAX_WORD_QUERIES = 4  # of 1 MB each: some 10 000 sort keys, those of the exact word first
MAX_READS = 4  # of up to 100 tickets each
BATCH = 100  # BatchGetItem takes at most a hundred keys


class TicketTable:
    """The tickets table. Writes raise Contended where the ticket changed or others write it now."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")

    def connect(self) -> None:
        """Open the connection before the first request, with a row that does not exist."""
        aws.open_connection(lambda: self.find("-"))

    def find(self, ticket_id: str) -> Ticket | None:
        """The ticket as it is now; None for an unknown id."""
        response = self._client.get_item(
            TableName=self._name,
            Key=pack(rows.key(ticket_id)),
            ConsistentRead=True,
            ProjectionExpression=rows.PROJECTION,
        )
        return rows.ticket(unpack(response["Item"])) if "Item" in response else None

    @retry.optimistic()
    def add(self, ticket: Ticket, event: Event, now: datetime) -> None:
        """Store a new ticket, its event and its word rows: all or nothing.

        Raises Unauthorized for a seller whose account is deleted, Unavailable.
        """
        put = self._put(rows.of_ticket(ticket, marker(event, now), now))
        put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
        not_deleted = {
            "Key": pack(rows.deleted_seller_key(ticket.seller_id)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        check = {"ConditionCheck": {"TableName": self._name, **not_deleted}}
        self._write([put, check, *map(self._put, rows.of_words(ticket).values())])

    def save(self, before: Ticket, after: Ticket, event: Event, now: datetime) -> None:
        """Store a seller's change, its event and the word rows that differ: all or nothing."""
        put = self._put(rows.of_ticket(after, marker(event, now), now))
        put["Put"]["ConditionExpression"] = (
            "ticket.version = :version AND inventoryVersion = :inventory"
            " AND (attribute_not_exists(filesVersion) OR filesVersion = :files)"
        )
        put["Put"]["ExpressionAttributeValues"] = pack(
            {
                ":version": before.version,
                ":inventory": before.inventory.version,
                ":files": before.files.version,
            }
        )
        old, new = rows.of_words(before), rows.of_words(after)
        changed = [self._put(row) for word, row in new.items() if row != old.get(word)]
        deleted = [self._delete(row) for word, row in old.items() if word not in new]
        self._write([put, *changed, *deleted])

    def block_seller(self, seller_id: str, now: datetime) -> datetime:
        """Let a deleted account list nothing more; the time since when it is blocked. Idempotent."""
        key = pack(rows.deleted_seller_key(seller_id))
        response = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        if "Item" in response:
            return clock.from_wire(unpack(response["Item"])["since"])
        self._client.put_item(TableName=self._name, Item=pack(rows.of_deleted_seller(seller_id, now)))
        return now

    def apply_inventory(self, ticket: Ticket, now: datetime) -> None:
        """Store where a ticket's units are, and whether it is for sale: no event, no new version."""
        fields = {**rows.of_inventory(ticket.inventory), **rows.shelves(ticket, now)}
        fields["silent"] = True
        changes = "SET " + ", ".join(f"{name} = :{name}" for name in fields)
        if removed := [name for name in rows.SHELVES if name not in fields]:
            changes += " REMOVE " + ", ".join(removed)
        values = {f":{name}": value for name, value in fields.items()}
        self._update(
            ticket.id,
            UpdateExpression=changes,
            ConditionExpression="ticket.version = :version AND inventoryVersion < :inventoryVersion",
            ExpressionAttributeValues=pack({**values, ":version": ticket.version}),
        )

    def apply_files(self, ticket: Ticket) -> None:
        """Store how many units a ticket's files have: no event, no new version."""
        fields = {**rows.of_files(ticket.files), "silent": True}
        values = {f":{name}": value for name, value in fields.items()}
        self._update(
            ticket.id,
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in fields),
            ConditionExpression="ticket.version = :version"
            " AND (attribute_not_exists(filesVersion) OR filesVersion < :filesVersion)",
            ExpressionAttributeValues=pack({**values, ":version": ticket.version}),
        )

    def started(self, now: datetime, limit: int) -> list[str]:
        """Ids of tickets still in the lists whose event has started, the oldest first."""
        response = self._client.query(
            TableName=self._name,
            IndexName="soonest",
            KeyConditionExpression="shelf = :all AND soonest <= :now",
            ExpressionAttributeValues=pack({":all": "all", ":now": clock.to_wire(now) + rows.HIGHEST}),
            Limit=limit,
        )
        return [rows.ticket_id_at(item["soonest"]["S"]) for item in response["Items"]]

    def unlist(self, ticket_id: str, now: datetime) -> None:
        """Take a ticket whose event has started out of the lists."""
        self._update(
            ticket_id,
            UpdateExpression="SET silent = :silent REMOVE " + ", ".join(rows.SHELVES),
            ConditionExpression="soonest <= :now",
            ExpressionAttributeValues=pack({":now": clock.to_wire(now) + rows.HIGHEST, ":silent": True}),
        )

    def of_seller(self, seller_id: str, limit: int, after: str | None) -> Page:
        """A page of the seller's tickets in every state, newest first."""
        values = {":seller": seller_id, **({":after": after} if after else {})}
        response = self._client.query(
            TableName=self._name,
            IndexName="bySeller",
            KeyConditionExpression="seller = :seller" + (" AND newest < :after" if after else ""),
            ExpressionAttributeValues=pack(values),
            ScanIndexForward=False,
            Limit=limit + 1,
        )
        positions = [item["newest"]["S"] for item in response["Items"]]
        after = positions[limit - 1] if len(positions) > limit else None
        return Page(self._tickets_at(positions[:limit]), after)

    def browse(self, search: TicketSearch, limit: int, after: str | None, now: datetime) -> Page:
        """A page of the tickets that can be bought and match.

        It may be short, even empty, without being the last.
        """
        key_ranges = search.key_ranges(after, now)
        if any(key_range.empty for key_range in key_ranges.values()) or search.words == ():
            return Page([], None)
        if search.words:
            return self._query_words(search, word_query(search, key_ranges), limit, now)
        return self._query_index(search, index_query(search, key_ranges), limit)

    def _query_index(self, search: TicketSearch, query: dict[str, Any], limit: int) -> Page:
        """Query an index until the page is full."""
        sort = search.sort
        matches: list[tuple[str, Ticket]] = []
        reach = max(limit + 1, FIRST_QUERY_LIMIT)
        for _ in range(MAX_QUERIES):
            response = self._client.query(TableName=self._name, Limit=reach, **query)
            results = [(row[sort], rows.ticket(row)) for row in map(unpack, response["Items"])]
            matches += [(position, ticket) for position, ticket in results if search.matches(ticket)]
            last = response.get("LastEvaluatedKey")
            if len(matches) > limit:
                return _page(matches[:limit], matches[limit - 1][0])
            if last is None:
                return _page(matches, None)
            query, reach = {**query, "ExclusiveStartKey": last}, 2 * reach
        return _page(matches, last[sort]["S"])

    def _query_words(self, search: TicketSearch, query: dict[str, Any], limit: int, now: datetime) -> Page:
        """Word rows hold no units: read their tickets, in the requested order, until the page is full."""
        positions = sorted(set(self._word_positions(search.sort, query)), reverse=search.sort is Sort.NEWEST)
        matches: list[tuple[str, Ticket]] = []
        size = min(limit + 1, BATCH)
        for start in range(0, min(len(positions), MAX_READS * size), size):
            batch_of = positions[start : start + size]
            tickets = {ticket.id: ticket for ticket in self._tickets_at(batch_of)}
            for position in batch_of:
                ticket = tickets.get(rows.ticket_id_at(position))
                if ticket and ticket.on_sale(now) and search.matches(ticket):
                    matches.append((position, ticket))
            if len(matches) > limit:
                return _page(matches[:limit], matches[limit - 1][0])
        unread = len(positions) > MAX_READS * size
        return _page(matches, positions[MAX_READS * size - 1] if unread else None)

    def _word_positions(self, sort: Sort, query: dict[str, Any]) -> Iterator[str]:
        for _ in range(MAX_WORD_QUERIES):
            response = self._client.query(TableName=self._name, **query)
            yield from (item[sort]["S"] for item in response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            query = {**query, "ExclusiveStartKey": response["LastEvaluatedKey"]}

    def _tickets_at(self, positions: list[str]) -> list[Ticket]:
        """The tickets with these sort keys, at most a hundred, in the same order, without missing ones."""
        ids = [rows.ticket_id_at(position) for position in positions]
        keys = [rows.key(ticket_id) for ticket_id in ids]
        stored = batch.read(self._client, self._name, keys, ProjectionExpression=rows.PROJECTION)
        tickets = {ticket.id: ticket for ticket in map(rows.ticket, stored)}
        return [tickets[ticket_id] for ticket_id in ids if ticket_id in tickets]

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


def _page(matches: list[tuple[str, Ticket]], after: str | None) -> Page:
    return Page([ticket for _, ticket in matches], after)
