"""Accounts, sessions and link requests as rows, and back.

An attribute that is None is left out. Rows of earlier versions lack `epoch`, which then is 0, `verified`,
which then is false, and what a session's row says of its device.
"""

from datetime import datetime, timedelta

from tiketz_common import clock
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row, pack

from auth.link_requests import KEPT_AFTER_END, LinkRequest
from auth.model import Account, Family, Profile, User

_FAMILY = RowCodec(Family, without=("id",))
_REQUEST = RowCodec(LinkRequest, without=("id",))


def of_family(family: Family) -> Row:
    """A session's row."""
    return {
        "pk": f"FAMILY#{family.id}",
        **_present(_FAMILY.to_row(family)),
        "forgetAt": end(family.expires_at),
    }


def family(row: Row) -> Family:
    """The session of a session's row."""
    return _FAMILY.from_row(row, id=row["pk"].removeprefix("FAMILY#"))


def of_request(request: LinkRequest, event: dict[str, str]) -> Row:
    """A request's row with the event that reports it."""
    return {
        "pk": f"REQUEST#{request.id}",
        **_present(_REQUEST.to_row(request)),
        "event": event,
        "forgetAt": end(request.expires_at, KEPT_AFTER_END),
    }


def request(row: Row) -> LinkRequest:
    """The request of a request's row."""
    return _REQUEST.from_row(row, id=row["pk"].removeprefix("REQUEST#"))


def of_email(account: Account) -> Row:
    """The row that makes an address unique."""
    user = account.user
    row = {
        "pk": f"EMAIL#{user.email}",
        "userId": user.id,
        "passwordHash": account.password_hash,
        "epoch": user.epoch,
        "epochSince": clock.to_wire(account.epoch_since) if account.epoch_since else None,
        "verified": user.verified,
    }
    return _present(row)


def account(row: Row) -> Account:
    """The account of an address's row."""
    since = row.get("epochSince")
    return Account(
        _user(row, row["pk"].removeprefix("EMAIL#")),
        row["passwordHash"],
        clock.from_wire(since) if since else None,
    )


def profile(row: Row) -> Profile | None:
    """What a user's row says of them; None for a deleted account."""
    if "email" not in row:
        return None
    return Profile(_user(row, row["email"]), clock.from_wire(row["createdAt"]))


def set_where(pk: str, attributes: Row, condition: str, values: Row | None = None) -> Row:
    """An update of a row, as UpdateItem and TransactWriteItems take it."""
    changes = ", ".join(f"{name} = :set_{name}" for name in attributes)
    new = {f":set_{name}": value for name, value in attributes.items()}
    return {
        "Key": pack({"pk": pk}),
        "UpdateExpression": f"SET {changes}",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": pack({**new, **(values or {})}),
    }


def has_epoch(epoch: int) -> str:
    """The condition that a row has the epoch `:epoch`."""
    return "(epoch = :epoch OR attribute_not_exists(epoch))" if epoch == 0 else "epoch = :epoch"


def end(time: datetime, kept: timedelta = timedelta()) -> int:
    """When a row may be dropped, in seconds since 1970."""
    return int((time + kept).timestamp())


def _user(row: Row, email: str) -> User:
    return User(row["userId"], email, row.get("verified", False), row.get("epoch", 0))


def _present(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}
