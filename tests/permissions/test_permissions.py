"""Every permission that a function needs is granted, and none that it does not."""

from collections.abc import Iterator

import pytest

from tests.fakes.patching import simulated_runtime
from tests.permissions.grants import Permission
from tests.permissions.judge import Verdict, judge


@pytest.fixture(scope="module")
def verdict() -> Iterator[Verdict]:
    """The templates judged by what the code did in simulated histories."""
    with simulated_runtime() as runtime:
        yield judge(runtime)


def test_everybody_may_do_what_they_must_and_no_more(verdict: Verdict) -> None:
    assert verdict.faults == []
    assert len(verdict.granted) > 100


def test_a_permission_that_is_removed_is_named_with_its_template(verdict: Verdict) -> None:
    lost = Permission(
        "orders.api", "dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    )
    assert Verdict(verdict.granted - {lost}, verdict.needed).faults == [
        f"functions/orders/template.yaml does not grant {lost}"
    ]


@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:sqs:*:*:orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/*"]
)
def test_a_permission_on_everything_is_found(verdict: Verdict, resource: str) -> None:
    wide = Permission("orders.api", "dynamodb:GetItem", resource)
    assert wide in Verdict(verdict.granted | {wide}, verdict.needed).boundless


def test_a_permission_that_nothing_needs_is_found(verdict: Verdict) -> None:
    idle = Permission("orders.api", "dynamodb:Scan", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders")
    assert Verdict(verdict.granted | {idle}, verdict.needed).idle == [idle]
