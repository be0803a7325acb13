"""An answer is judged by what is expected of it, and by the calls that were denied."""

import json

import pytest

from tools.samples import ALL_HANDLED, NO_ERROR, judge, retried

DENIAL = (
    "orders/Api is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:x:1:table/o "
    "(functions/orders/template.yaml: ApiRole does not allow it)"
)
PENDING = json.dumps({"statusCode": 201, "body": '{"status": "pending", "id": "1"}'})
NOT_THERE_YET = json.dumps({"statusCode": 404, "headers": {"Content-Type": "x", "Retry-After": "1"}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PENDING, {"statusCode": 201, "body": {"status": "pending"}}),
        ("null", None),
        ('{"batchItemFailures": []}', ALL_HANDLED),
        ('{"batchItemFailures": []}', NO_ERROR),
        ('{"statusCode": 404, "body": ""}', NO_ERROR),
        ("null", NO_ERROR),
    ],
)
def test_an_answer_with_what_is_expected_is_good(text: str, expected: object) -> None:
    assert judge(text, "", expected).error == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PENDING, {"statusCode": 200}),
        (PENDING, {"statusCode": 201, "body": {"status": "completed"}}),
        ("null", ALL_HANDLED),
        ("{}", None),
        ('{"batchItemFailures": [{"itemIdentifier": "1"}]}', ALL_HANDLED),
        ('{"batchItemFailures": [{"itemIdentifier": "1"}]}', NO_ERROR),
        ('{"statusCode": 503, "body": ""}', NO_ERROR),
        ('{"errorType": "KeyError", "errorMessage": "HOLD_SECONDS"}', NO_ERROR),
        ("", NO_ERROR),
        ("Task timed out", ALL_HANDLED),
    ],
)
def test_another_answer_is_an_error_that_shows_it(text: str, expected: object) -> None:
    assert text in judge(text, "", expected).error


def test_a_denied_call_is_an_error_whatever_the_answer() -> None:
    line = json.dumps({"level": "ERROR", "exception": f"ClientError: {DENIAL}"})
    assert judge("null", f"START\n{line}\nEND\n", None).error == DENIAL
    assert judge(json.dumps({"errorType": "ClientError", "errorMessage": DENIAL}), "").error == DENIAL


def test_what_is_not_known_yet_is_asked_for_again() -> None:
    answers = iter([NOT_THERE_YET, NOT_THERE_YET, PENDING])
    assert retried(lambda: next(answers)) == PENDING
    gone = json.dumps({"statusCode": 404, "headers": {}})
    assert retried(lambda: gone) == gone
