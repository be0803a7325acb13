"""What a buyer holds without paying is limited: rows, refusals, and when they end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from orders import events
from orders.limits import HoldLimits
from orders.model import Order
from orders.repository import OrderTable
from tiketz_common.errors import Conflict, TooManyRequests
from tiketz_common.retry import Contended

from tests.factories import HOLD, LIMITS, MINUTE, NOON, placed_order
from tests.fakes.in_memory_tables import InMemoryTables
from tests.unit.order_rows import BARE, UNPAID_ROW, save

SECOND = timedelta(seconds=1)
AGAIN = "You let this one go more than once. Others get a chance now; try again in a moment."


def hold(orders: OrderTable, number: int, minutes: float = 0, **fields: object) -> Order:
    """Place an order so many minutes after noon."""
    order = placed_order(f"o{number}", **{"quantity": 1, **fields})  # type: ignore[arg-type]
    created = NOON + minutes * MINUTE
    order = replace(order, created_at=created, expires_at=created + HOLD)
    orders.add(order, orders.inventory(order.ticket_id), events.of(order), LIMITS)
    return order


def let_go(orders: OrderTable, order: Order, minutes: float) -> None:
    cancelled = order.cancel()
    orders.save(order, cancelled, events.of(cancelled), NOON + minutes * MINUTE)


# ---------------------------------------------------------------- the same ticket again


def test_a_ticket_let_go_once_can_be_held_at_once(orders: OrderTable) -> None:
    let_go(orders, hold(orders, 1), 1)
    hold(orders, 2, 1)


def test_a_ticket_let_go_twice_is_held_again_after_two_minutes(
    memory: InMemoryTables, orders: OrderTable
) -> None:
    let_go(orders, hold(orders, 1), 1)
    let_go(orders, hold(orders, 2, 1), 3)
    before = memory.rows("orders")
    assert before["HELD#t1#ann"]["released"] == 2
    with pytest.raises(TooManyRequests) as refusal:
        hold(orders, 3, 4)
    assert (refusal.value.status, refusal.value.code, refusal.value.retry_after) == (
        429,
        "released_too_often",
        60,
    )
    assert str(refusal.value) == AGAIN
    with pytest.raises(TooManyRequests) as refusal:
        hold(orders, 3, 5 - 1 / 60)
    assert refusal.value.retry_after == 1
    assert memory.rows("orders") == before
    let_go(orders, hold(orders, 3, 5), 6)
    with pytest.raises(TooManyRequests):
        hold(orders, 4, 7)


def test_an_expired_hold_counts_as_let_go(orders: OrderTable) -> None:
    for number, start in ((1, 0), (2, 15)):
        order = hold(orders, number, start)
        expired = order.expire(order.expires_at)
        orders.save(order, expired, events.of(expired), order.expires_at)
    with pytest.raises(TooManyRequests):
        hold(orders, 3, 31)


def test_a_payment_that_failed_does_not_count_as_let_go(memory: InMemoryTables, orders: OrderTable) -> None:
    for number in (1, 2, 3):
        order = hold(orders, number)
        save(orders, order, order.fail_payment())
    assert "released" not in memory.rows("orders")["HELD#t1#ann"]


def test_buying_a_ticket_forgets_what_was_let_go(memory: InMemoryTables, orders: OrderTable) -> None:
    let_go(orders, hold(orders, 1), 1)
    order = hold(orders, 2, 1)
    save(orders, order, order.pay(4860, "eur", NOON + MINUTE))
    assert not {"released", "releasedAt"} & memory.rows("orders")["HELD#t1#ann"].keys()
    let_go(orders, hold(orders, 3, 6), 7)
    hold(orders, 4, 7)


def test_another_buyer_and_another_ticket_do_not_wait(orders: OrderTable) -> None:
    orders.upsert_listing(BARE, NOON)
    for number in (1, 2):
        let_go(orders, hold(orders, number), 1)
    hold(orders, 3, 1, buyer="ben")
    hold(orders, 4, 1, of=BARE)


# ---------------------------------------------------------------- twenty unpaid units


def fill(orders: OrderTable) -> list[Order]:
    """Ann's orders, of twenty units of two tickets."""
    orders.upsert_listing(BARE, NOON)
    return [hold(orders, 1, quantity=10), hold(orders, 2, of=BARE, quantity=10)]


def test_a_buyer_holds_twenty_unpaid_units_and_no_more(memory: InMemoryTables, orders: OrderTable) -> None:
    fill(orders)
    orders.upsert_listing(replace(BARE, id="t3"), NOON)
    before = memory.rows("orders")
    with pytest.raises(TooManyRequests) as refusal:
        hold(orders, 3, of=replace(BARE, id="t3"))
    assert (refusal.value.status, refusal.value.code, refusal.value.retry_after) == (
        429,
        "too_many_unpaid",
        60,
    )
    assert str(refusal.value) == "You can hold 20 tickets that are not paid. Pay for some, or let them go."
    assert memory.rows("orders") == before
    hold(orders, 3, of=replace(BARE, id="t3"), buyer="ben")


@pytest.mark.parametrize("end", ["pay", "cancel", "expire"])
def test_an_order_that_ended_is_not_counted(orders: OrderTable, end: str) -> None:
    order, _ = fill(orders)
    ends = {
        "pay": order.pay(48600, "eur", NOON + MINUTE),
        "cancel": order.cancel(),
        "expire": order.expire(NOON + HOLD),
    }
    save(orders, order, ends[end])
    hold(orders, 3, 6, quantity=2 if end == "cancel" else 1)


def test_ten_of_a_ticket_are_refused_before_twenty_of_all(orders: OrderTable) -> None:
    fill(orders)
    with pytest.raises(Conflict) as refusal:
        hold(orders, 3)
    assert refusal.value.code == "too_many_held"


def test_a_count_that_must_be_over_starts_again(memory: InMemoryTables, orders: OrderTable) -> None:
    memory.put("orders", **{**UNPAID_ROW, "units": 20, "until": int(NOON.timestamp())})
    hold(orders, 1)
    assert memory.rows("orders")["UNPAID#ann"] == {
        **UNPAID_ROW,
        "units": 1,
        "until": UNPAID_ROW["until"] - 60,  # type: ignore[operator]
        "forgetAt": UNPAID_ROW["forgetAt"] - 60,  # type: ignore[operator]
    }


def test_a_count_that_may_be_right_does_not(memory: InMemoryTables, orders: OrderTable) -> None:
    memory.put("orders", **{**UNPAID_ROW, "units": 20, "until": int((NOON + SECOND).timestamp())})
    with pytest.raises(TooManyRequests):
        hold(orders, 1)


def test_of_two_orders_that_start_the_count_again_one_is_contended(
    memory: InMemoryTables, orders: OrderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.put("orders", **{**UNPAID_ROW, "units": 20, "until": int(NOON.timestamp())})
    call = memory.call

    def interrupted(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if "#until = :stale" in str(params):
            monkeypatch.setattr(memory, "call", call)
            hold(orders, 1)
        return call(operation, params)

    monkeypatch.setattr(memory, "call", interrupted)
    with pytest.raises(Contended):
        hold(orders, 2)
    hold(orders, 2)
    assert memory.rows("orders")["UNPAID#ann"]["units"] == 2


def test_an_order_of_before_the_limit_ends(memory: InMemoryTables, orders: OrderTable) -> None:
    order = hold(orders, 1)
    memory.delete("orders", pk="UNPAID#ann")
    let_go(orders, order, 1)
    hold(orders, 2, 1)


def test_a_stage_may_choose_its_limits(orders: OrderTable) -> None:
    none = HoldLimits(pause=timedelta(), max_unpaid_units=1)
    for number in (1, 2, 3):
        order = placed_order(f"o{number}", quantity=1)
        orders.add(order, orders.inventory("t1"), events.of(order), none)
        let_go(orders, order, 1)
    with pytest.raises(TooManyRequests):
        orders.add(placed_order("o4"), orders.inventory("t1"), events.of(placed_order("o4")), none)


def test_a_contended_listing_is_contended(memory: InMemoryTables, orders: OrderTable) -> None:
    seen = orders.inventory("t1")
    memory.put("orders", **{**memory.rows("orders")["TICKET#t1"], "ticketVersion": 4})
    with pytest.raises(Contended):
        orders.add(placed_order(), seen, events.of(placed_order()), LIMITS)
