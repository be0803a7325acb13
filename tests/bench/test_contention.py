"""The contention benchmark detects an order that oversells."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from orders.repository import OrderTable

from bench import contention, tables
from bench.contention import Outcome, errors, list_ticket, race


@pytest.fixture
def orders_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The orders table on a moto server."""
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "")
    with contention.account("embedded", tmp_path):
        tables.create("orders", contention.TABLE)
        yield


def test_a_race_sells_exactly_the_quantity_and_the_control_oversells(orders_table: None) -> None:
    orders = race(8, [list_ticket(12)], contention.order)
    assert list(errors(orders, 12)) == []
    assert orders.statuses == {"201": 12, "409": 8}
    bare = race(8, [list_ticket(12)], contention._bare)
    assert list(errors(bare, 12)) == []
    naive = race(8, [list_ticket(12)], contention._naive)
    assert naive.sold > 12


def test_an_exception_counts_as_a_500(orders_table: None) -> None:
    def broken(table: OrderTable, ticket: str, buyer: str) -> str:
        raise KeyError(buyer)

    outcome = race(2, [list_ticket(2)], broken)
    assert outcome.statuses == {"500 KeyError": 2}


def test_selling_too_many_too_few_or_with_a_500_is_an_error() -> None:
    def outcome(sold: int, **statuses: int) -> Outcome:
        return Outcome(sold=sold, seconds=1.0, latencies=[0.1], statuses=Counter(statuses))

    assert list(errors(outcome(5), 5)) == []
    assert (
        len([*errors(outcome(6), 5), *errors(outcome(4), 5), *errors(outcome(5, **{"500 KeyError": 1}), 5)])
        == 3
    )
