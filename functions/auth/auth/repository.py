"""Accounts, refresh families and failed sign-ins in DynamoDB: one table, owned by this service alone.

    EMAIL#{email}      userId, passwordHash          makes an e-mail unique; all that signing in reads
    USER#{id}          userId, email, createdAt      carries the events
    FAMILY#{id}        a session's refresh tokens    gone once signed out, stolen or thirty days unused
    ATTEMPTS#{key}     taken                         counts one window, then goes
    WAITING#{userId}   orders, until, revision       what was heard of somebody's orders; when the last ends

A deleted account leaves USER#{id} without an e-mail for a while, to carry the event that says so.

`forgetAt` (seconds since 1970) is when DynamoDB may drop a row. It takes its time: readers go by the clock.
"""

import random
import time
from datetime import datetime, timedelta
from typing import Any

from tiketz_common import aws, batch, clock, retry
from tiketz_common.errors import Conflict, Unavailable
from tiketz_common.rows import Row, pack, unpack

from auth.model import GONE_KEPT, ORDER_KEPT, Account, Family, RateLimit, TooManyAttempts, User

TRIES = 4
ENDED_KEPT = 10  # of each user's orders, so that what comes late of them is known to be old
CONDITION_FAILED = "ConditionalCheckFailed"
BUSY = {"None", *retry.BUSY}


class AuthTable:
    """The table `name`, read consistently: what was answered once is true for the next request."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.connected_client("dynamodb")

    def account(self, email: str, rate_limit: RateLimit, now: datetime) -> Account | None:
        """Who signs in with this e-mail, in one read whether there is somebody or not.

        Raises TooManyAttempts where the rate limit is reached.
        """
        keys = [{"pk": f"EMAIL#{email}"}, {"pk": f"ATTEMPTS#{rate_limit.key}"}]
        read = batch.read(self._client, self._name, keys, ConsistentRead=True)
        known, attempts = (next((row for row in read if row["pk"] == key["pk"]), None) for key in keys)
        rate_limit.check(attempts["taken"] if attempts else 0, now)
        return Account(User(known["userId"], email), known["passwordHash"]) if known else None

    def user(self, user_id: str) -> User | None:
        row = self._row(f"USER#{user_id}")
        return User(row["userId"], row["email"]) if row and "email" in row else None

    def add(self, account: Account, family: Family, event: dict[str, str], now: datetime) -> None:
        """Store a user, their e-mail, their first session and the event: all or none.

        Raises Conflict where somebody has the e-mail, Unavailable where others keep trying to take it.
        """
        user = account.user
        email = {"pk": f"EMAIL#{user.email}", "userId": user.id, "passwordHash": account.password_hash}
        person = {
            "pk": f"USER#{user.id}",
            "userId": user.id,
            "email": user.email,
            "createdAt": clock.to_wire(now),
            "event": event,
        }
        refused = self._transact([{"Put": self._new(row)} for row in (email, person, _family_row(family))])
        # Our own first try may have succeeded, and its reply be lost.
        if refused and unpack(refused[0]["Item"])["userId"] != user.id:
            raise Conflict(
                "Somebody has signed up with this e-mail address.", code="email_taken", field="email"
            )

    def remove(self, user: User, event: dict[str, str], now: datetime) -> None:
        """Forget a user and their e-mail, and store the event that says so: all or none.

        Raises Conflict while an order of theirs is pending, Unavailable where others keep changing the rows.
        """
        gone = {"pk": f"USER#{user.id}", "userId": user.id, "event": event, "forgetAt": _end(now, GONE_KEPT)}
        table = {"TableName": self._name}
        idle: dict[str, Any] = {
            "ConditionExpression": "attribute_not_exists(#until) OR #until <= :now",
            "ExpressionAttributeNames": {"#until": "until"},
            "ExpressionAttributeValues": pack({":now": int(now.timestamp())}),
        }
        refused = self._transact(
            [
                {"Delete": {**table, "Key": pack({"pk": f"WAITING#{user.id}"}), **idle}},
                {"Put": {**table, "Item": pack(gone), "ConditionExpression": "attribute_exists(email)"}},
                {"Delete": {**table, "Key": pack({"pk": f"EMAIL#{user.email}"})}},
            ]
        )
        if refused and refused[0]["Code"] == CONDITION_FAILED:
            raise Conflict(
                "An order of yours waits to be paid. Pay it, cancel it, or let its time run out.",
                code="orders_pending",
            )

    def record_order(
        self, id: str, user_id: str, version: int, until: datetime | None, now: datetime
    ) -> None:
        """Remember until when a user's order may be pending, if `version` is newer than what we know.

        None for an order that has ended. Raises Unavailable where others keep changing the row.
        """
        ends = int(until.timestamp()) if until else 0
        for attempt in range(TRIES):
            time.sleep(random.uniform(0, 0.05) * attempt)
            known = self._row(f"WAITING#{user_id}") or {"orders": [], "revision": 0}
            if any(each["id"] == id and each["version"] >= version for each in known["orders"]):
                return
            heard = [each for each in known["orders"] if each["id"] != id]
            heard.append({"id": id, "version": version, "until": ends})
            waiting = [each for each in heard if each.get("until", 0) > now.timestamp()]
            ended = [each for each in heard if each.get("until", 0) <= now.timestamp()]
            row = {
                "pk": f"WAITING#{user_id}",
                "orders": waiting + ended[-ENDED_KEPT:],
                "until": max(each.get("until", 0) for each in heard),
                "revision": known["revision"] + 1,
                "forgetAt": _end(now, ORDER_KEPT),
            }
            try:
                self._client.put_item(
                    TableName=self._name,
                    Item=pack(row),
                    ConditionExpression="attribute_not_exists(pk) OR revision = :read",
                    ExpressionAttributeValues=pack({":read": known["revision"]}),
                )
            except (
                self._client.exceptions.ConditionalCheckFailedException,
                self._client.exceptions.TransactionConflictException,
            ):
                continue
            return
        raise Unavailable(f"the orders of {user_id} are contended", code="busy")

    def begin(self, family: Family) -> None:
        """Store a new session."""
        self._client.put_item(TableName=self._name, Item=pack(_family_row(family)))

    def family(self, family_id: str) -> Family | None:
        row = self._row(f"FAMILY#{family_id}")
        if row is None:
            return None
        return Family(
            id=family_id,
            user_id=row["userId"],
            current=row["current"],
            expires_at=clock.from_wire(row["expiresAt"]),
            spent=tuple((used["digest"], clock.from_wire(used["at"])) for used in row["spent"]),
        )

    def replace(self, family: Family, rotated: Family) -> bool:
        """Store a rotation; False where another came first or the family has ended."""
        try:
            self._client.put_item(
                TableName=self._name,
                Item=pack(_family_row(rotated)),
                ConditionExpression="#current = :current",
                ExpressionAttributeNames={"#current": "current"},
                ExpressionAttributeValues=pack({":current": family.current}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def end(self, family_id: str) -> None:
        """Forget a session: none of its refresh tokens, made or in the making, is good any more."""
        self._client.delete_item(TableName=self._name, Key=pack({"pk": f"FAMILY#{family_id}"}))

    def count_attempt(self, rate_limit: RateLimit, now: datetime) -> None:
        """Count an attempt as failed before it is made, so that none made at once goes uncounted.

        Raises TooManyAttempts.
        """
        free = "attribute_not_exists(taken) OR taken < :limit"
        try:
            self._count(rate_limit, 1, {":limit": rate_limit.limit}, ConditionExpression=free)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise TooManyAttempts(rate_limit, now) from error

    def uncount(self, rate_limit: RateLimit) -> None:
        """Uncount an attempt that succeeded."""
        self._count(rate_limit, -1, {})

    def count_failure(self, rate_limit: RateLimit) -> None:
        """Count an attempt that failed, whatever is left."""
        self._count(rate_limit, 1, {})

    def _transact(self, writes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Write all or none; for each write why not, or nothing when it is written. Raises Unavailable."""
        for attempt in range(TRIES):
            time.sleep(random.uniform(0, 0.05) * attempt)
            try:
                self._client.transact_write_items(TransactItems=writes)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons: list[dict[str, Any]] = error.response["CancellationReasons"]
                if any(reason["Code"] == CONDITION_FAILED for reason in reasons):
                    return reasons
                if not all(reason["Code"] in BUSY for reason in reasons):
                    raise
            else:
                return []
        raise Unavailable("We are busier than usual; try again in a moment.", code="busy")

    def _count(self, rate_limit: RateLimit, difference: int, values: Row, **condition: str) -> None:
        values = {":difference": difference, ":until": int(rate_limit.until.timestamp()), **values}
        self._client.update_item(
            TableName=self._name,
            Key=pack({"pk": f"ATTEMPTS#{rate_limit.key}"}),
            UpdateExpression="SET forgetAt = :until ADD taken :difference",
            ExpressionAttributeValues=pack(values),
            **condition,
        )

    def _row(self, pk: str) -> Row | None:
        found = self._client.get_item(TableName=self._name, Key=pack({"pk": pk}), ConsistentRead=True)
        return unpack(found["Item"]) if "Item" in found else None

    def _new(self, row: Row) -> dict[str, Any]:
        """A put of a row that must not exist yet."""
        return {
            "TableName": self._name,
            "Item": pack(row),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def _end(now: datetime, duration: timedelta) -> int:
    """When a row may be dropped, in seconds since 1970."""
    return int((now + duration).timestamp())


def _family_row(family: Family) -> Row:
    return {
        "pk": f"FAMILY#{family.id}",
        "userId": family.user_id,
        "current": family.current,
        "spent": [{"digest": digest, "at": clock.to_wire(at)} for digest, at in family.spent],
        "expiresAt": clock.to_wire(family.expires_at),
        "forgetAt": int(family.expires_at.timestamp()),
    }
