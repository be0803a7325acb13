"""DynamoDB when it is too busy, or refuses a transaction for another reason than a condition."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tiketz_common import aws


@contextmanager
def cancelling(reason: str, times: int) -> Iterator[None]:
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

    events, name = aws.client("dynamodb").meta.events, "before-call.dynamodb.TransactWriteItems"
    events.register(name, cancel)
    try:
        yield
    finally:
        events.unregister(name, cancel)
