"""Conditional writes to DynamoDB, with the cause of a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tiketz_common.retry import Contended

CONDITION_FAILED = "ConditionalCheckFailed"
BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why DynamoDB cancels a transaction that may succeed a moment later (CancellationReasons)."""

Reason = dict[str, Any]


@contextmanager
def contended(client: Any) -> Iterator[None]:
    """For one PutItem or UpdateItem: raises Contended where its condition fails or a transaction runs."""
    errors = client.exceptions
    try:
        yield
    except (errors.ConditionalCheckFailedException, errors.TransactionConflictException) as error:
        raise Contended from error


def transact(client: Any, writes: list[dict[str, Any]]) -> list[Reason]:
    """Write all items or none (TransactWriteItems).

    Returns an empty list where all are written; where a condition failed, DynamoDB's reason for each item.
    Raises Contended where other writes are underway.
    """
    try:
        client.transact_write_items(TransactItems=writes)
    except client.exceptions.TransactionCanceledException as error:
        reasons: list[Reason] = error.response["CancellationReasons"]
        codes = {reason["Code"] for reason in reasons}
        if CONDITION_FAILED in codes:
            return reasons
        if BUSY & codes:
            raise Contended from error
        raise
    return []
