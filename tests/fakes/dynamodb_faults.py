"""Faults of DynamoDB between a boto3 client and the engine: cancelled writes, partial reads, lost replies."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

from tiketz_common import aws


def cancelling(reason: str, times: int) -> AbstractContextManager[None]:
    """The first transactions are cancelled, each with this reason for the first of its four writes."""
    left = [reason] * times

    def cancel(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        if not left:
            return None
        error = {
            "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
            "CancellationReasons": [{"Code": left.pop()}, *[{"Code": "None"}] * 3],
        }
        response = type("Response", (), {"status_code": 400})()
        return response, error

    return _registered("before-call.dynamodb.TransactWriteItems", cancel)


def reading_one_by_one() -> AbstractContextManager[None]:
    """A BatchGetItem returns the first row; the others are in its UnprocessedKeys."""
    return _reading_one(unprocessed=True)


def reading_one_alone() -> AbstractContextManager[None]:
    """A BatchGetItem returns the first row, as if the others did not exist."""
    return _reading_one(unprocessed=False)


def _reading_one(*, unprocessed: bool) -> AbstractContextManager[None]:
    def keep_first(parsed: dict[str, Any], **_: Any) -> None:
        for table, rows in parsed["Responses"].items():
            if unprocessed and (unread := [{"pk": row["pk"]} for row in rows[1:]]):
                parsed["UnprocessedKeys"] = {table: {"Keys": unread}}
            del rows[1:]

    return _registered("after-call.dynamodb.BatchGetItem", keep_first)


@contextmanager
def losing_the_reply(operation: str) -> Iterator[None]:
    """The next call of `operation` takes effect, its reply is lost, and the SDK retries."""
    attempts = count()

    def retry_the_first(**_: Any) -> int | None:
        """The seconds to wait before the retry; None for no retry."""
        return 0 if next(attempts) == 0 else None

    with _registered(f"needs-retry.dynamodb.{operation}", retry_the_first):
        yield
    assert next(attempts) >= 2


@contextmanager
def before_call(operation: str, action: Callable[[], object]) -> Iterator[None]:
    """Run `action` just before the next call of `operation` (`PutItem`) reaches DynamoDB."""
    events, name = aws.client("dynamodb").meta.events, f"before-call.dynamodb.{operation}"

    def interrupt(**_: Any) -> None:
        events.unregister(name, interrupt)
        action()

    events.register(name, interrupt)
    yield
    events.unregister(name, interrupt)


@contextmanager
def _registered(name: str, handler: Callable[..., Any]) -> Iterator[None]:
    events = aws.client("dynamodb").meta.events
    events.register(name, handler)
    try:
        yield
    finally:
        events.unregister(name, handler)
