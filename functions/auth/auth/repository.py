"""Accounts, refresh families and failed sign-ins in DynamoDB: one table, owned by this service alone.

    EMAIL#{email}      userId, passwordHash, epoch, …  makes an e-mail unique; all that a sign-in reads
    USER#{id}          userId, email, createdAt, …     carries the events
    FAMILY#{id}        a session's refresh tokens    deleted at sign-out or reuse, or thirty days unused
    REQUEST#{id}       see link_repository.py
    ATTEMPTS#{key}     taken, lastAt                 attempts of one window; seconds since 1970
    WAITING#{userId}   orders, until, revision       a user's latest orders; when the last pending one ends

A deleted account leaves USER#{id} without an e-mail for a while: it carries the event UserDeleted.

`forgetAt` (seconds since 1970) is when DynamoDB may drop a row, days late: readers check the clock.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tiketz_common import aws, batch, clock, conditional_writes, retry
from tiketz_common.errors import Conflict
from tiketz_common.rows import Row, pack, unpack

from auth import addresses, rows
from auth.link_repository import absent
from auth.model import DELETED_USER_KEPT, ORDER_KEPT, Account, Family, Profile, User
from auth.rate_limits import SLOWED_INTERVAL, RateLimit, SignInCounters

Event = dict[str, str]

ENDED_KEPT = 10  # of each user's orders, so that their late events are known to be old


class AuthTable:
    """The auth table, read consistently: a request sees what the one before it wrote."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")

    def connect(self) -> None:
        """Open the connection before the first request, with a row that does not exist."""
        aws.open_connection(lambda: self._row("-"))

    def account(
        self, spellings: Sequence[str], counters: SignInCounters, now: datetime
    ) -> tuple[Account | None, bool]:
        """The account under the first of these forms that has one, and whether attempts at it are slowed.

        One read in any case. Raises TooManyAttempts where the network's limit is reached.
        """
        counted = [f"ATTEMPTS#{each.key}" for each in (counters.network, counters.account)]
        emails = [f"EMAIL#{each}" for each in spellings]
        keys = [{"pk": pk} for pk in (*emails, *counted)]
        read = {row["pk"]: row for row in batch.read(self._client, self._name, keys, ConsistentRead=True)}
        of_network, of_account = (read.get(pk, {"taken": 0})["taken"] for pk in counted)
        counters.network.check(of_network, now)
        row = next((read[pk] for pk in emails if pk in read), None)
        return rows.account(row) if row else None, of_account >= counters.account.limit

    def account_of(self, spellings: Sequence[str]) -> Account | None:
        """The same without an attempt: the account stored under the first of these forms that has one."""
        stored = (self._row(f"EMAIL#{each}") for each in spellings)
        row = next(filter(None, stored), None)
        return rows.account(row) if row else None

    def profile(self, user_id: str) -> Profile | None:
        """The user; None for an unknown id and for a deleted account."""
        row = self._row(f"USER#{user_id}")
        return rows.profile(row) if row else None

    @retry.optimistic()
    def add(self, account: Account, family: Family, event: Event, now: datetime, *, request: Row) -> None:
        """Store a user, their e-mail, their first session, the event and the row of a request: all or none.

        Raises Conflict where the e-mail has an account, Unavailable.
        """
        user = account.user
        profile = {
            "pk": f"USER#{user.id}",
            "userId": user.id,
            "email": user.email,
            "createdAt": clock.to_wire(now),
            "event": event,
        }
        puts = [
            {"Put": self._new(row)}
            for row in (rows.of_email(account), profile, rows.of_family(family), request)
        ]
        others = absent([each for each in addresses.spellings(user.email) if each != user.email])
        for each in others:
            each["Delete"]["TableName"] = self._name
        reasons = conditional_writes.transact(self._client, puts + others)
        # Our own first attempt may have succeeded, and its response be lost.
        if reasons and reasons[0].get("Item", {}).get("userId") != {"S": user.id}:
            raise Conflict(
                "Somebody has signed up with this e-mail address.", code="email_taken", field="email"
            )

    @retry.optimistic()
    def remove(self, user: User, event: Event, now: datetime) -> None:
        """Delete a user and their e-mail, and store the event: all or none.

        Raises Conflict while an order of theirs is pending, Unavailable.
        """
        deleted = {
            "pk": f"USER#{user.id}",
            "userId": user.id,
            "event": event,
            "forgetAt": rows.end(now, DELETED_USER_KEPT),
        }
        table = {"TableName": self._name}
        idle: dict[str, Any] = {
            "ConditionExpression": "attribute_not_exists(#until) OR #until <= :now",
            "ExpressionAttributeNames": {"#until": "until"},
            "ExpressionAttributeValues": pack({":now": int(now.timestamp())}),
        }
        reasons = conditional_writes.transact(
            self._client,
            [
                {"Delete": {**table, "Key": pack({"pk": f"WAITING#{user.id}"}), **idle}},
                {"Put": {**table, "Item": pack(deleted), "ConditionExpression": "attribute_exists(email)"}},
                {"Delete": {**table, "Key": pack({"pk": f"EMAIL#{user.email}"})}},
            ],
        )
        if reasons and reasons[0]["Code"] == conditional_writes.CONDITION_FAILED:
            raise Conflict(
                "An order of yours waits to be paid. Pay it, cancel it, or let its time run out.",
                code="orders_pending",
            )

    @retry.optimistic()
    def record_order(
        self, order_id: str, user_id: str, version: int, until: datetime | None, now: datetime
    ) -> None:
        """Store until when a user's order may be pending (None: it has ended), if `version` is new to us.

        Raises Unavailable.
        """
        stored = self._row(f"WAITING#{user_id}") or {"orders": [], "revision": 0}
        if any(each["id"] == order_id and each["version"] >= version for each in stored["orders"]):
            return
        orders = [each for each in stored["orders"] if each["id"] != order_id]
        orders.append({"id": order_id, "version": version, "until": int(until.timestamp()) if until else 0})
        pending = [each for each in orders if each.get("until", 0) > now.timestamp()]
        ended = [each for each in orders if each.get("until", 0) <= now.timestamp()]
        row = {
            "pk": f"WAITING#{user_id}",
            "orders": pending + ended[-ENDED_KEPT:],
            "until": max(each.get("until", 0) for each in orders),
            "revision": stored["revision"] + 1,
            "forgetAt": rows.end(now, ORDER_KEPT),
        }
        with conditional_writes.contended(self._client):
            self._client.put_item(
                TableName=self._name,
                Item=pack(row),
                ConditionExpression="attribute_not_exists(pk) OR revision = :read",
                ExpressionAttributeValues=pack({":read": stored["revision"]}),
            )

    def add_family(self, family: Family) -> None:
        """Store a new session."""
        self._client.put_item(TableName=self._name, Item=pack(rows.of_family(family)))

    def family(self, family_id: str) -> Family | None:
        """A session's refresh tokens; None for one that has ended."""
        row = self._row(f"FAMILY#{family_id}")
        return rows.family(row) if row else None

    def families(self, user_id: str) -> list[Family]:
        """All of a user's sessions that are stored, ended ones too."""
        families: list[Family] = []
        for keys in self._keys_of(user_id, "FAMILY#"):
            families += map(rows.family, batch.read(self._client, self._name, keys, ConsistentRead=True))
        return families

    def forget(self, user_id: str) -> None:
        """Delete the sessions and requests of a deleted account. Those of the last moment may stay."""
        for prefix in ("FAMILY#", "REQUEST#"):
            for keys in self._keys_of(user_id, prefix):
                for key in keys:
                    self._client.delete_item(TableName=self._name, Key=pack(key))

    def _keys_of(self, user_id: str, prefix: str) -> Iterator[list[Row]]:
        """Keys of a user's rows, a hundred at a time: as many as BatchGetItem takes."""
        query: dict[str, Any] = {
            "TableName": self._name,
            "IndexName": "byUser",
            "KeyConditionExpression": "userId = :user AND begins_with(pk, :prefix)",
            "ExpressionAttributeValues": pack({":user": user_id, ":prefix": prefix}),
            "Limit": 100,
        }
        while True:
            page = self._client.query(**query)
            yield [unpack({"pk": item["pk"]}) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def replace_family(self, family: Family, rotated: Family) -> None:
        """Store a rotation. Raises Contended where another came first, or the family changed otherwise."""
        with conditional_writes.contended(self._client):
            self._client.put_item(
                TableName=self._name,
                Item=pack(rows.of_family(rotated)),
                ConditionExpression=f"#current = :current AND {rows.has_epoch(family.epoch)}",
                ExpressionAttributeNames={"#current": "current"},
                ExpressionAttributeValues=pack({":current": family.current, ":epoch": family.epoch}),
            )

    def delete_family(self, family_id: str) -> None:
        """End a session: none of its refresh tokens, present or future, is valid any more."""
        self._client.delete_item(TableName=self._name, Key=pack({"pk": f"FAMILY#{family_id}"}))

    def count_attempt(self, rate_limit: RateLimit, now: datetime, *, slowed: bool = False) -> None:
        """Count an attempt as failed before it is made, so that concurrent ones are all counted.

        Raises the rate limit's refusal; where `slowed`, also within a minute of the last attempt.
        """
        condition = "(attribute_not_exists(taken) OR taken < :limit)"
        values = {":limit": rate_limit.limit, ":now": int(now.timestamp())}
        if slowed:
            condition += " AND (attribute_not_exists(lastAt) OR lastAt <= :earliest)"
            values[":earliest"] = int((now - SLOWED_INTERVAL).timestamp())
        try:
            self._count(rate_limit, 1, values, changes="SET lastAt = :now,", ConditionExpression=condition)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            refusal = rate_limit.refusal(SLOWED_INTERVAL) if slowed else rate_limit.exceeded(now)
            raise refusal from error

    def uncount(self, rate_limit: RateLimit) -> None:
        """Subtract an attempt that succeeded; the next one is not slowed."""
        self._count(rate_limit, -1, {}, changes="REMOVE lastAt SET")

    def count_failure(self, rate_limit: RateLimit) -> None:
        """Count an attempt that failed, whether the limit is reached or not."""
        self._count(rate_limit, 1, {})

    def _count(
        self, rate_limit: RateLimit, difference: int, values: Row, changes: str = "SET", **condition: str
    ) -> None:
        values = {":difference": difference, ":until": int(rate_limit.until.timestamp()), **values}
        self._client.update_item(
            TableName=self._name,
            Key=pack({"pk": f"ATTEMPTS#{rate_limit.key}"}),
            UpdateExpression=f"{changes} forgetAt = :until ADD taken :difference",
            ExpressionAttributeValues=pack(values),
            **condition,
        )

    def _row(self, pk: str) -> Row | None:
        response = self._client.get_item(TableName=self._name, Key=pack({"pk": pk}), ConsistentRead=True)
        return unpack(response["Item"]) if "Item" in response else None

    def _new(self, row: Row) -> dict[str, Any]:
        """A put of a row that must not exist yet."""
        return {
            "TableName": self._name,
            "Item": pack(row),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
