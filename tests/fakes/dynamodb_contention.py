"""DynamoDB when it is too busy: what it refuses for another reason than a condition, or leaves undone."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tiketz_common import aws


def cancelling(reason: str, times: int) -> AbstractContextManager[None]:
    """The first transactions are cancelled, each for this reason of its first write."""
    left = [reason] * times

    def cancel(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        if not left:
            return None
        cancelled = {
            "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
            "CancellationReasons": [{"Code": left.pop()}, {"Code": "None"}, {"Code": "None"}],
        }
        response = type("Response", (), {"status_code": 400})()
        return response, cancelled

    return _hooked("before-call.dynamodb.TransactWriteItems", cancel)


def reading_one_by_one() -> AbstractContextManager[None]:
    """A batch of reads answers with the first row alone; the others are to be asked for again."""
    return _reading_one(forgetful=False)


def reading_one_alone() -> AbstractContextManager[None]:
    """A batch of reads answers with the first row, as if there were no others."""
    return _reading_one(forgetful=True)


def _reading_one(*, forgetful: bool) -> AbstractContextManager[None]:
    def leave(parsed: dict[str, Any], **_: Any) -> None:
        for table, rows in parsed["Responses"].items():
            if not forgetful and (unread := [{"pk": row["pk"]} for row in rows[1:]]):
                parsed["UnprocessedKeys"] = {table: {"Keys": unread}}
            del rows[1:]

    return _hooked("after-call.dynamodb.BatchGetItem", leave)


@contextmanager
def _hooked(name: str, hook: Callable[..., Any]) -> Iterator[None]:
    events = aws.client("dynamodb").meta.events
    events.register(name, hook)
    try:
        yield
    finally:
        events.unregister(name, hook)
