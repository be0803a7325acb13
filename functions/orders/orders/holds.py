"""What a buyer holds without paying: rows in the orders table that limit it.

    HELD#{ticket}#{buyer}   units, released, releasedAt   pending units of a ticket; how often it was let go
    UNPAID#{buyer}          units, until                  pending units of all tickets; when the last may end

Times are seconds since 1970. `units` counts exactly: it changes in the transaction that changes the order.
A count that an older version left wrong is started again once all that was counted must have ended (`until`).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tiketz_common.errors import Conflict
from tiketz_common.rows import Row, pack

from orders.limits import MAX_RELEASES, HoldLimits, ReleasedTooOften, TooManyUnpaid
from orders.model import MAX_HELD_UNITS, Order, Status

ROW_LIFE = timedelta(days=7)  # longer than any hold with its extensions
LATE = timedelta(hours=1)  # how late an order may expire

Write = dict[str, Any]


def _seconds(time: datetime) -> int:
    return int(time.timestamp())


def count_placed(order: Order, limits: HoldLimits, now: datetime) -> tuple[Write, Write]:
    """The updates of both rows for an order that is placed, each conditional on its limits."""
    held = _add(f"HELD#{order.ticket_id}#{order.user_id}", order.quantity, now)
    held["ConditionExpression"] = (
        "(attribute_not_exists(units) OR units <= :room)"
        " AND (attribute_not_exists(released) OR released <= :often OR releasedAt <= :earliest)"
    )
    held["ExpressionAttributeValues"] |= pack(
        {
            ":room": MAX_HELD_UNITS - order.quantity,
            ":often": MAX_RELEASES,
            ":earliest": _seconds(now - limits.pause),
        }
    )
    unpaid = _add(f"UNPAID#{order.user_id}", order.quantity, now, until=order.last_expiry + LATE)
    unpaid["ConditionExpression"] = "attribute_not_exists(units) OR units <= :room"
    unpaid["ExpressionAttributeValues"] |= pack({":room": limits.max_unpaid_units - order.quantity})
    return held, unpaid


def recount_unpaid(order: Order, stale: Row, now: datetime) -> Write:
    """The update that starts the count of unpaid units again, if the row is still as `stale`."""
    return {
        **_key(f"UNPAID#{order.user_id}"),
        "UpdateExpression": "SET units = :units, #until = :until, forgetAt = :forget",
        "ExpressionAttributeNames": {"#until": "until"},
        "ConditionExpression": "#until = :stale",
        "ExpressionAttributeValues": pack(
            {
                ":units": order.quantity,
                ":until": _seconds(order.last_expiry + LATE),
                ":forget": _seconds(now + ROW_LIFE),
                ":stale": stale["until"],
            }
        ),
    }


def count_ended(order: Order, now: datetime) -> tuple[Write, Write]:
    """The updates of both rows for an order that is not pending any more."""
    held = _add(f"HELD#{order.ticket_id}#{order.user_id}", -order.quantity, now)
    if order.is_released:
        held["UpdateExpression"] += ", released :one"
        held["UpdateExpression"] = held["UpdateExpression"].replace("SET ", "SET releasedAt = :now, ")
        held["ExpressionAttributeValues"] |= pack({":one": 1, ":now": _seconds(now)})
    elif order.status is Status.COMPLETED:
        held["UpdateExpression"] += " REMOVE released, releasedAt"
    return held, _add(f"UNPAID#{order.user_id}", -order.quantity, now)


def is_stale(unpaid: Row, now: datetime) -> bool:
    """Whether all that a count of unpaid units counts must have ended."""
    return bool(0 < unpaid.get("until", 0) <= _seconds(now))


def refuse(held: Row | None, unpaid: Row | None, order: Order, limits: HoldLimits, now: datetime) -> None:
    """Raises the refusal that fits the rows whose conditions failed; None for one whose condition held."""
    if held is not None and held.get("units", 0) > MAX_HELD_UNITS - order.quantity:
        raise Conflict(
            f"You can hold {MAX_HELD_UNITS} of these at a time; pay for yours first.", code="too_many_held"
        )
    if held is not None:
        raise ReleasedTooOften(limits.until(datetime.fromtimestamp(held.get("releasedAt", 0), UTC)) - now)
    if unpaid is not None:
        raise TooManyUnpaid(limits.max_unpaid_units)


def _add(pk: str, units: int, now: datetime, until: datetime | None = None) -> Write:
    changes = "SET forgetAt = :forget" + (", #until = :until" if until else "")
    values = {":forget": _seconds(now + ROW_LIFE), ":units": units}
    write: Write = {**_key(pk), "UpdateExpression": f"{changes} ADD units :units"}
    if until:
        write["ExpressionAttributeNames"] = {"#until": "until"}
        values[":until"] = _seconds(until)
    return {**write, "ExpressionAttributeValues": pack(values)}


def _key(pk: str) -> Write:
    return {"Key": pack({"pk": pk}), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
