"""Link requests in the auth table, and the changes of accounts that use or report them.

    REQUEST#{id}       a LinkRequest                 carries the events; dropped two days after its end

Each change is one transaction: the request is unused and the account has the epoch that was read, then the
request is used and, for a new password or address, the epoch grows. So of two uses at once one succeeds, and
what was signed in or requested before ends with it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tiketz_common import aws, clock, conditional_writes, retry
from tiketz_common.errors import Conflict
from tiketz_common.retry import Contended
from tiketz_common.rows import Row, pack, unpack

from auth import addresses, rows
from auth.link_requests import LinkInvalid, LinkRequest
from auth.model import Account, User
from auth.rate_limits import RateLimit

Write = dict[str, Any]
Event = dict[str, str]


class LinkTable:
    """The requests of the auth table, read consistently."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws.client("dynamodb")

    def request(self, request_id: str) -> LinkRequest | None:
        """The request; None for an unknown id."""
        key = pack({"pk": f"REQUEST#{request_id}"})
        response = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return rows.request(unpack(response["Item"])) if "Item" in response else None

    @retry.optimistic()
    def add(self, request: LinkRequest, event: Event, counters: Sequence[RateLimit], now: datetime) -> None:
        """Store a request and count it in each counter: all or none.

        Raises the refusal of a counter that has reached its limit, Unavailable.
        """
        failed = self._transact(
            *map(_count, counters), {"Put": {"Item": pack(rows.of_request(request, event))}}
        )
        for index in failed:
            raise counters[index].exceeded(now)

    def stamp(self, request: LinkRequest, user: User) -> None:
        """Store whose account a RESET is of. Raises Contended where that was stored meanwhile."""
        stamped = rows.set_where(
            f"REQUEST#{request.id}",
            {"userId": user.id, "epoch": user.epoch},
            "attribute_exists(pk) AND attribute_not_exists(userId)",
        )
        with conditional_writes.contended(self._client):
            self._client.update_item(TableName=self._name, **stamped)

    def verify(self, request: LinkRequest, user: User, now: datetime) -> None:
        """Use a request: the user's address is verified. Raises LinkInvalid, Contended."""
        verified: Row = {"verified": True}
        failed = self._transact(_use(request, {}, now), *_change(user, verified, verified))
        _check(failed, request_at=0)

    def reset_password(
        self, request: LinkRequest, event: Event, user: User, password_hash: str, now: datetime
    ) -> None:
        """Use a request: the user has a new password and no session. Raises LinkInvalid, Contended.

        The address is verified too: the link was mailed to it.
        """
        next_epoch, since = _next(user, now)
        of_user = {**next_epoch, "verified": True}
        changes = _change(user, of_user, {**of_user, **since, "passwordHash": password_hash})
        failed = self._transact(_use(request, event, now), *changes)
        _check(failed, request_at=0)

    def change_password(
        self,
        request: LinkRequest,
        event: Event,
        user: User,
        password_hash: str,
        now: datetime,
        *,
        keep: str | None,
    ) -> None:
        """Store a new password and the request that reports it; of the sessions only `keep` goes on.

        Raises Contended.
        """
        next_epoch, since = _next(user, now)
        changes = _change(user, next_epoch, {**next_epoch, **since, "passwordHash": password_hash})
        put = {"Put": {"Item": pack(rows.of_request(request, event))}}
        _check(self._transact(*changes, put, *_keep(keep, user)))

    def end_sessions(self, user: User, now: datetime, *, keep: str | None) -> None:
        """End every session and request but the session `keep`. Raises Contended."""
        next_epoch, since = _next(user, now)
        _check(self._transact(*_change(user, next_epoch, {**next_epoch, **since}), *_keep(keep, user)))

    def change_email(
        self, request: LinkRequest, event: Event, account: Account, now: datetime, *, keep: str | None
    ) -> None:
        """Use a request: the account has its address. Of the sessions only `keep` goes on.

        Raises LinkInvalid, Conflict where the address has an account, Contended.
        """
        old = account.user
        new = User(old.id, request.email, verified=True, epoch=old.epoch + 1)
        of_user = {**_next(old, now)[0], "verified": True, "email": new.email}
        user, email = _change(old, of_user, {})
        spellings = [each for each in addresses.spellings(new.email) if each not in (new.email, old.email)]
        free = [
            {"Put": {"Item": pack(rows.of_email(Account(new, account.password_hash, now))), **_ABSENT}},
            *absent(spellings),
        ]
        failed = self._transact(_use(request, event, now), user, _deleted(email), *free, *_keep(keep, old))
        _check([each for each in failed if each < 3], request_at=0)
        if any(each < 3 + len(free) for each in failed):
            raise Conflict("Another account has this e-mail address.", code="email_taken", field="email")
        _check(failed)

    def _transact(self, *writes: Write) -> list[int]:
        """Write all or none; the indexes of the writes whose condition failed. Raises Contended."""
        named = [
            {verb: {"TableName": self._name, **each} for verb, each in write.items()} for write in writes
        ]
        reasons = conditional_writes.transact(self._client, named)
        failed = conditional_writes.CONDITION_FAILED
        return [index for index, reason in enumerate(reasons) if reason["Code"] == failed]


_ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}


def absent(spellings: Sequence[str]) -> list[Write]:
    """Writes that change nothing, and fail where one of these forms of an address has an account."""
    return [{"Delete": {"Key": pack({"pk": f"EMAIL#{each}"}), **_ABSENT}} for each in spellings]


def _count(counter: RateLimit) -> Write:
    """Count an attempt, unless the counter has reached its limit."""
    return {
        "Update": {
            "Key": pack({"pk": f"ATTEMPTS#{counter.key}"}),
            "UpdateExpression": "SET forgetAt = :until ADD taken :one",
            "ConditionExpression": "attribute_not_exists(taken) OR taken < :limit",
            "ExpressionAttributeValues": pack(
                {":until": int(counter.until.timestamp()), ":one": 1, ":limit": counter.limit}
            ),
        }
    }


def _use(request: LinkRequest, event: Event, now: datetime) -> Write:
    """Mark a request as used; with an event, it carries that from now on."""
    attributes: Row = {"usedAt": clock.to_wire(now), **({"event": event} if event else {})}
    unused = "attribute_exists(pk) AND attribute_not_exists(usedAt)"
    return {"Update": rows.set_where(f"REQUEST#{request.id}", attributes, unused)}


def _change(user: User, of_user: Row, of_email: Row) -> tuple[Write, Write]:
    """Updates of a user's two rows, if they still have the address and the epoch that were read."""
    epoch: Row = {":epoch": user.epoch}
    is_current = rows.has_epoch(user.epoch)
    return (
        {
            "Update": rows.set_where(
                f"USER#{user.id}",
                of_user,
                f"email = :email AND {is_current}",
                {**epoch, ":email": user.email},
            )
        },
        {
            "Update": rows.set_where(
                f"EMAIL#{user.email}",
                of_email,
                f"userId = :user AND {is_current}",
                {**epoch, ":user": user.id},
            )
        },
    )


def _deleted(update: Write) -> Write:
    """A deletion on the condition of an update."""
    return {"Delete": {name: each for name, each in update["Update"].items() if name != "UpdateExpression"}}


def _next(user: User, now: datetime) -> tuple[Row, Row]:
    """The attributes of the next epoch, and what an address's row has beside it."""
    return {"epoch": user.epoch + 1}, {"epochSince": clock.to_wire(now)}


def _keep(family_id: str | None, user: User) -> list[Write]:
    """A session goes on in its user's next epoch; none where it is None."""
    if family_id is None:
        return []
    moved = rows.set_where(f"FAMILY#{family_id}", {"epoch": user.epoch + 1}, "attribute_exists(pk)")
    return [{"Update": moved}]


def _check(failed: Sequence[int], request_at: int | None = None) -> None:
    """Raises LinkInvalid where the request was used meanwhile, Contended where anything else changed."""
    if request_at in failed:
        raise LinkInvalid
    if failed:
        raise Contended
