"""The rush for tickets can tell a shop that sells exactly what it has from one that does not."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from orders.repository import OrderTable

from bench import contention, tables
from bench.contention import Outcome, judge, listed, rush


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The orders table, on moto behind an address."""
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "")
    with contention.account("embedded", tmp_path):
        tables.create("orders", contention.TABLE)
        yield


def test_a_rush_sells_exactly_what_there_is_and_the_control_does_not(shop: None) -> None:
    fair = rush(8, [listed(12)], contention.order)
    assert list(judge(fair, 12)) == []
    assert fair.answers == {"201": 12, "409": 8}
    bare = rush(8, [listed(12)], contention._bare)
    assert list(judge(bare, 12)) == []
    naive = rush(8, [listed(12)], contention._naive)
    assert naive.sold > 12


def test_a_buyer_who_meets_a_fault_is_counted(shop: None) -> None:
    def broken(table: OrderTable, ticket: str, buyer: str) -> str:
        raise KeyError(buyer)

    found = rush(2, [listed(2)], broken)
    assert found.answers == {"500 KeyError": 2}


def test_selling_too_many_too_few_or_with_a_fault_is_wrong() -> None:
    def outcome(sold: int, **answers: int) -> Outcome:
        return Outcome(sold=sold, seconds=1.0, latencies=[0.1], answers=Counter(answers))

    assert list(judge(outcome(5), 5)) == []
    assert (
        len([*judge(outcome(6), 5), *judge(outcome(4), 5), *judge(outcome(5, **{"500 KeyError": 1}), 5)]) == 3
    )
