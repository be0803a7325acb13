"""Every permission that a function needs is granted, and no other."""

from collections.abc import Iterator

import pytest

from tests.fakes.patching import simulated_runtime
from tests.permissions.granted import Permission
from tests.permissions.verdict import Verdict, verdict_of


@pytest.fixture(scope="module")
def verdict() -> Iterator[Verdict]:
    """The templates compared with the calls in simulated histories."""
    with simulated_runtime() as runtime:
        yield verdict_of(runtime)


def test_functions_are_granted_what_they_need_and_no_more(verdict: Verdict) -> None:
    assert verdict.errors == []
    assert len(verdict.granted) > 100


def test_a_missing_permission_is_reported_with_its_template(verdict: Verdict) -> None:
    missing = Permission(
        "orders.api", "dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    )
    assert Verdict(verdict.granted - {missing}, verdict.required).errors == [
        f"functions/orders/template.yaml does not grant {missing}"
    ]


@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:sqs:*:*:orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/*"]
)
def test_a_permission_on_every_resource_is_reported(verdict: Verdict, resource: str) -> None:
    wide = Permission("orders.api", "dynamodb:GetItem", resource)
    assert wide in Verdict(verdict.granted | {wide}, verdict.required).unbounded


def test_an_unused_permission_is_reported(verdict: Verdict) -> None:
    unused = Permission("orders.api", "dynamodb:Scan", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders")
    assert Verdict(verdict.granted | {unused}, verdict.required).unused == [unused]
