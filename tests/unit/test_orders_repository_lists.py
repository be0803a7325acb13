"""Lists of orders, and which reads are consistent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from orders import events, repository
from orders.model import Inventory
from orders.repository import OrderTable
from tiketz_common.errors import Unavailable

from tests.factories import LIMITS, MINUTE, NOON, placed_order
from tests.fakes.in_memory_tables import InMemoryTables, partial_batches, unprocessed_batches
from tests.unit.conftest import StillClock
from tests.unit.order_rows import TICKET, place, save


def test_a_buyers_orders_come_newest_first_page_by_page(memory: InMemoryTables, orders: OrderTable) -> None:
    for number in range(5):
        made = replace(placed_order(f"o{number}", quantity=1), created_at=NOON + number * MINUTE)
        place(orders, made)
    place(orders, placed_order("theirs", buyer="ben"))
    page, after = orders.of_buyer("ann", 3, None)
    assert [order.id for order in page] == ["o4", "o3", "o2"]
    assert after == {"pk": "ORDER#o2", "createdAt": "2026-07-01T12:02:00.000Z"}
    page, end = orders.of_buyer("ann", 3, after)
    assert ([order.id for order in page], end) == (["o1", "o0"], None)
    exactly, after = orders.of_buyer("ann", 5, None)
    assert (len(exactly), after) == (5, None)
    assert orders.of_buyer("nobody", 5, None) == ([], None)
    reads = [params["Limit"] for operation, params in memory.calls if operation == "Query"]
    assert reads == [4, 4, 6, 6]  # one more than a page has shows whether there is another


def test_unprocessed_keys_of_a_page_are_requested_again(
    memory: InMemoryTables, orders: OrderTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        place(orders, replace(placed_order(f"o{number}", quantity=1), created_at=NOON + number * MINUTE))
    monkeypatch.setattr(memory, "call", partial_batches(memory.call, 2))
    assert [order.id for order in orders.of_buyer("ann", 9, None)[0]] == ["o2", "o1", "o0"]
    assert len(still_clock.slept) == 2


def test_a_page_that_stays_unprocessed_is_unavailable(
    memory: InMemoryTables, orders: OrderTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(orders, placed_order())
    monkeypatch.setattr(memory, "call", unprocessed_batches(memory.call))
    with pytest.raises(Unavailable, match=r"^We are busier than usual; try again in a moment\.$"):
        orders.of_buyer("ann", 9, None)


def test_overdue_orders_are_read_from_every_shard(
    orders: OrderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for digit in "0123456789abcdef":
        place(orders, placed_order(f"late-{digit}", quantity=1, buyer=digit, of=replace(TICKET, id="t1")))
        orders.upsert_listing(replace(TICKET, quantity=99, version=ord(digit)), NOON)
    later = replace(placed_order("more-7", quantity=1, buyer="x"), expires_at=NOON + 17 * MINUTE)
    seen = Inventory(ticket=orders.inventory("t1").ticket, available=1, held=0, sold=0)
    orders.add(later, seen, events.of(later), LIMITS)
    paid = orders.find("late-3")
    assert paid
    save(orders, paid, paid.pay(4860, "eur", NOON))
    end = NOON + 16 * MINUTE
    assert list(orders.overdue(end - timedelta(milliseconds=1))) == []
    assert list(orders.overdue(end)) == [(f"late-{digit}", end) for digit in "012456789abcdef"]
    overdue = [order_id for order_id, _ in orders.overdue(end + MINUTE)]
    assert overdue.index("more-7") == overdue.index("late-7") + 1
    monkeypatch.setattr(repository, "OVERDUE_PER_SHARD", 1)
    assert "more-7" not in [order_id for order_id, _ in orders.overdue(end + MINUTE)]


def test_every_read_is_consistent(memory: InMemoryTables, orders: OrderTable) -> None:
    place(orders, placed_order())
    orders.find("o1")
    reads = [params for operation, params in memory.calls if operation == "GetItem"]
    assert {(params["TableName"], params["ConsistentRead"]) for params in reads} == {("orders", True)}
    assert "ORDER#o1" in str(reads)
