"""Failures: which are poison, and how long the others wait."""

import random
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError, ReadTimeoutError
from pydantic import BaseModel, ValidationError
from tiketz_common.errors import Busy, Conflict, Unavailable
from tiketz_common.failures import RetryLater, is_poison, retry_seconds
from tiketz_common.retry import Contended

HOUR = 3600
MAX_RECEIVES = 100  # of every inbox, by the templates


def aws_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "refused"}}, "UpdateItem")


def invalid() -> ValidationError:
    class Expected(BaseModel):
        price: int

    with pytest.raises(ValidationError) as raised:
        Expected.model_validate({"price": "much"})
    return raised.value


POISON = [
    KeyError("detail"),
    TypeError("not an int"),
    ZeroDivisionError(),
    invalid(),
    ParamValidationError(report="Unknown parameter"),
    aws_error("ValidationException"),
]
OUTAGES = [
    aws_error("ProvisionedThroughputExceededException"),
    aws_error("ThrottlingException"),
    aws_error("InternalServerError"),
    aws_error("AccessDeniedException"),
    aws_error("ResourceNotFoundException"),
    EndpointConnectionError(endpoint_url="https://dynamodb"),
    ReadTimeoutError(endpoint_url="https://dynamodb"),
    ConnectionResetError(),
    TimeoutError(),
    Unavailable("Our payment provider is not answering."),
    Conflict("It changed."),
]
BUSY = [Contended(), RetryLater(), Busy("In a moment.")]


@pytest.mark.parametrize("error", POISON, ids=lambda error: type(error).__name__)
def test_a_schema_or_programming_error_is_poison(error: Exception) -> None:
    assert is_poison(error)


@pytest.mark.parametrize("error", [*OUTAGES, *BUSY], ids=lambda error: str(error) or type(error).__name__)
def test_an_outage_is_not_poison(error: Exception) -> None:
    assert not is_poison(error)


@pytest.mark.parametrize("error", BUSY, ids=lambda error: type(error).__name__)
def test_who_is_busy_is_retried_within_twenty_seconds(error: Exception) -> None:
    waits = [retry_seconds(error, receives) for receives in range(1, 31)]
    assert waits[:4] == [2, 4, 6, 8]
    assert max(waits) == 20


@pytest.mark.parametrize("error", OUTAGES[:2], ids=str)
def test_other_failures_back_off_to_a_quarter_of_an_hour(error: Exception) -> None:
    waits = [retry_seconds(error, receives) for receives in range(1, MAX_RECEIVES + 1)]
    assert waits[0] <= 2
    assert all(450 <= wait <= 900 for wait in waits[10:])
    assert len(set(waits[10:])) > 20  # jitter


@pytest.mark.parametrize("jitter", [lambda least, _: least, lambda _, most: most], ids=["least", "most"])
@pytest.mark.parametrize("error", [*OUTAGES, *BUSY], ids=lambda error: str(error) or type(error).__name__)
def test_a_message_outlives_an_outage_of_six_hours(
    error: Exception, jitter: Callable[[float, float], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And of half a day, however jitter falls, before SQS has received it too often."""
    monkeypatch.setattr(random, "uniform", jitter)
    assert sum(retry_seconds(error, receives) for receives in range(1, MAX_RECEIVES)) > 8 * HOUR
