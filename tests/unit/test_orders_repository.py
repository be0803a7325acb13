"""What orders stores in its table, row by row, and which writes it refuses."""

from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import botocore.exceptions
import pytest
from orders import events, repository
from orders.model import Inventory, Status
from orders.repository import OrderTable
from tiketz_common.errors import Conflict, NotFound, Unauthorized
from tiketz_common.retry import Contended

from tests.factories import DAY, HOLD, LIMITS, MINUTE, NOON, placed_order
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_faults import before_call, cancelling
from tests.fakes.in_memory_tables import InMemoryTables
from tests.unit.order_rows import (
    BARE,
    HELD_ROW,
    INVENTORY_ROW,
    ORDER_ROW,
    TICKET,
    UNPAID_ROW,
    WEEK_LATER,
    inventory,
    place,
    save,
)

# ---------------------------------------------------------------- listings


def test_a_new_listing_is_all_available(memory: InMemoryTables, orders: OrderTable) -> None:
    assert memory.rows("orders") == {"TICKET#t1": INVENTORY_ROW}
    assert orders.inventory("t1") == Inventory(ticket=TICKET, available=12, held=0, sold=0)


def test_a_listing_needs_no_venue_and_no_date(orders: OrderTable) -> None:
    orders.upsert_listing(BARE, NOON)
    assert orders.inventory("t2").ticket == BARE


def test_an_unknown_ticket_is_not_found(orders: OrderTable) -> None:
    with pytest.raises(NotFound, match=r"^We know no such ticket\.$") as refusal:
        orders.inventory("t9")
    assert refusal.value.code == "ticket_unknown"
    assert orders.find("o9") is None


def test_an_older_version_of_a_listing_changes_nothing(memory: InMemoryTables, orders: OrderTable) -> None:
    for version in (2, 3):
        orders.upsert_listing(replace(TICKET, title="Old", quantity=1, version=version), NOON)
    assert inventory(memory)


def test_an_edit_of_text_changes_no_inventory(memory: InMemoryTables, orders: OrderTable) -> None:
    edited = replace(TICKET, title="Marble", price=5000, listed=False, venue=None, starts_at=None, version=5)
    orders.upsert_listing(edited, NOON + MINUTE)
    assert inventory(
        memory, title="Marble", price=5000, listed=False, venue=None, startsAt=None, ticketVersion=5
    )


@pytest.mark.parametrize(("quantity", "available"), [(15, 13), (11, 9), (1, -1)])
def test_an_edited_quantity_changes_the_available_units(
    memory: InMemoryTables, orders: OrderTable, quantity: int, available: int
) -> None:
    place(orders, placed_order())
    orders.upsert_listing(replace(TICKET, quantity=quantity, version=4), NOON + 9 * MINUTE)
    assert inventory(
        memory,
        quantity=quantity,
        available=available,
        held=2,
        ticketVersion=4,
        inventoryVersion=3,
        changedAt="2026-07-01T12:09:00.000Z",
    )


@pytest.mark.parametrize("others", [{"version": 4}, {"version": 4, "quantity": 7}])
def test_an_edit_during_another_write_is_contended(
    memory: InMemoryTables, orders: OrderTable, others: dict[str, Any]
) -> None:
    with (
        before_call("UpdateItem", lambda: orders.upsert_listing(replace(TICKET, **others), NOON)),
        pytest.raises(Contended),
    ):
        orders.upsert_listing(replace(TICKET, quantity=9, version=5), NOON)
    assert memory.rows("orders")["TICKET#t1"]["ticketVersion"] == 4


def test_a_changed_quantity_is_contended(memory: InMemoryTables, orders: OrderTable) -> None:
    with (
        before_call("UpdateItem", lambda: memory.put("orders", **{**INVENTORY_ROW, "quantity": 13})),
        pytest.raises(Contended),
    ):
        orders.upsert_listing(replace(TICKET, quantity=9, version=5), NOON)
    assert inventory(memory, quantity=13)


def test_two_concurrent_inserts_of_a_listing_are_contended(
    memory: InMemoryTables, orders: OrderTable
) -> None:
    with (
        before_call("PutItem", lambda: orders.upsert_listing(BARE, NOON)),
        pytest.raises(Contended),
    ):
        orders.upsert_listing(replace(BARE, title="Later", version=9), NOON)
    assert orders.inventory("t2").ticket == BARE


def test_the_cache_holds_the_inventories_last_read(
    orders: OrderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert orders.cached_inventory("t1") is None
    assert orders.inventory("t1") == orders.cached_inventory("t1")
    monkeypatch.setattr(repository, "MAX_CACHED_INVENTORIES", 2)
    for ticket_id in ("t2", "t3"):
        orders.upsert_listing(replace(BARE, id=ticket_id), NOON)
    orders.inventory("t2")
    assert orders.cached_inventory("t1")
    orders.inventory("t3")
    assert (orders.cached_inventory("t1"), orders.cached_inventory("t2")) == (None, None)
    assert orders.cached_inventory("t3")


# ---------------------------------------------------------------- placing


def test_an_order_its_units_and_the_buyers_count_are_one_write(
    memory: InMemoryTables, orders: OrderTable
) -> None:
    order = place(orders, placed_order())
    listing = {**INVENTORY_ROW, "available": 10, "held": 2, "inventoryVersion": 2}
    listing["changedAt"] = "2026-07-01T12:01:00.000Z"
    assert memory.rows("orders") == {
        "TICKET#t1": listing,
        "ORDER#o1": ORDER_ROW,
        "HELD#t1#ann": HELD_ROW,
        "UNPAID#ann": UNPAID_ROW,
    }
    assert orders.find("o1") == order
    assert memory.operations().count("TransactWriteItems") == 1


def test_an_order_of_a_ticket_without_a_date_is_stored_whole(orders: OrderTable) -> None:
    orders.upsert_listing(BARE, NOON)
    assert orders.find(place(orders, placed_order(of=BARE)).id) == placed_order(of=BARE)


@pytest.mark.parametrize(
    "edited",
    [{"listed": False}, {"version": 4}, {"quantity": 1}],
    ids=["withdrawn", "edited", "fewer"],
)
def test_an_order_is_not_placed_on_a_stale_inventory(
    memory: InMemoryTables, orders: OrderTable, edited: dict[str, Any]
) -> None:
    seen = orders.inventory("t1")
    quantity = edited.get("quantity", 12)
    row = {**INVENTORY_ROW, "quantity": quantity, "available": quantity, "listed": edited.get("listed", True)}
    memory.put("orders", **{**row, "ticketVersion": edited.get("version", 3)})
    with pytest.raises(Contended):
        orders.add(placed_order(), seen, events.of(placed_order()), LIMITS)
    assert memory.rows("orders").keys() == {"TICKET#t1"}


def test_the_last_unit_can_be_claimed(memory: InMemoryTables, orders: OrderTable) -> None:
    place(orders, placed_order(quantity=10))
    place(orders, placed_order("o2", buyer="ben"))
    row = memory.rows("orders")["TICKET#t1"]
    assert (row["available"], row["held"]) == (0, 12)


def test_an_order_exists_once(memory: InMemoryTables, orders: OrderTable) -> None:
    place(orders, placed_order())
    before = memory.rows("orders")
    with pytest.raises(Conflict, match=r"^This order exists already\.$") as refusal:
        place(orders, placed_order())
    assert refusal.value.code == "order_exists"
    assert memory.rows("orders") == before


def test_a_buyer_holds_ten_of_a_ticket_and_no_more(memory: InMemoryTables, orders: OrderTable) -> None:
    place(orders, placed_order(quantity=4))
    place(orders, placed_order("o2", quantity=6))
    with pytest.raises(
        Conflict, match=r"^You can hold 10 of these at a time; pay for yours first\.$"
    ) as refusal:
        place(orders, placed_order("o3", quantity=1))
    assert refusal.value.code == "too_many_held"
    assert memory.rows("orders")["HELD#t1#ann"]["units"] == 10
    place(orders, placed_order("o3", quantity=1, buyer="ben"))


# ---------------------------------------------------------------- changing


def test_a_paid_order_has_its_units_sold(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    save(orders, order, order.pay(9720, "eur", NOON))
    rows = memory.rows("orders")
    event = {"id": ANY, "type": "OrderCompleted", "time": "2026-07-01T12:05:00.000Z", "correlationId": "c1"}
    completed = {
        **ORDER_ROW,
        "status": "completed",
        "completedAt": "2026-07-01T12:00:00.000Z",
        "version": 2,
        "event": event,
    }
    del completed["pendingShard"]
    assert rows["ORDER#o1"] == completed
    assert rows["HELD#t1#ann"] == {**HELD_ROW, "units": 0, "forgetAt": WEEK_LATER + 300}
    assert rows["UNPAID#ann"] == {**UNPAID_ROW, "units": 0, "forgetAt": WEEK_LATER + 300}
    assert inventory(memory, available=10, sold=2, inventoryVersion=3, changedAt="2026-07-01T12:05:00.000Z")


def test_an_ended_order_frees_its_units(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    save(orders, order, order.cancel())
    rows = memory.rows("orders")
    assert (rows["ORDER#o1"]["status"], rows["ORDER#o1"]["reason"]) == ("cancelled", "buyer")
    assert rows["HELD#t1#ann"]["units"] == 0
    assert inventory(memory, inventoryVersion=3, changedAt="2026-07-01T12:05:00.000Z")
    assert orders.find("o1") == order.cancel()


def test_a_refund_frees_the_sold_units(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    paid = order.pay(9720, "eur", NOON)
    save(orders, order, paid)
    held = memory.rows("orders")["HELD#t1#ann"]
    save(orders, paid, paid.refund(), minutes=9)
    assert memory.rows("orders")["HELD#t1#ann"] == held
    assert inventory(memory, inventoryVersion=4, changedAt="2026-07-01T12:09:00.000Z")


def test_an_extension_transfers_no_units(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    before = memory.rows("orders")
    extended = order.extend(NOON + 5 * MINUTE, HOLD)
    save(orders, order, extended)
    event = {"id": ANY, "type": "OrderExtended", "time": "2026-07-01T12:05:00.000Z", "correlationId": "c1"}
    times = {"expiresAt": "2026-07-01T12:20:00.000Z", "extendedAt": "2026-07-01T12:05:00.000Z"}
    changed = {**ORDER_ROW, **times, "extensions": 1, "version": 2, "event": event}
    assert memory.rows("orders") == {**before, "ORDER#o1": changed}
    assert orders.find("o1") == extended
    assert memory.operations()[-2] == "PutItem"  # one row: no transaction


@pytest.mark.parametrize("first", ["pay", "extend"])
def test_the_second_of_two_concurrent_changes_is_contended(
    memory: InMemoryTables, orders: OrderTable, first: str
) -> None:
    order = place(orders, placed_order())
    paid, extended = order.pay(9720, "eur", NOON), order.extend(NOON + 5 * MINUTE, HOLD)
    earlier, later = (paid, extended) if first == "pay" else (extended, paid)
    save(orders, order, earlier)
    before = memory.rows("orders")
    with pytest.raises(Contended):
        save(orders, order, later)
    assert memory.rows("orders") == before


# ---------------------------------------------------------------- in each other's way


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_cancelled_transaction_is_contended(
    memory: InMemoryTables, orders: OrderTable, reason: str
) -> None:
    with cancelling(reason, 1), pytest.raises(Contended):
        place(orders, placed_order())
    assert memory.rows("orders") == {"TICKET#t1": INVENTORY_ROW}


def test_a_transaction_that_is_wrong_fails(orders: OrderTable) -> None:
    with (
        cancelling("ValidationError", 1),
        pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"),
    ):
        place(orders, placed_order())


def test_a_failed_condition_is_reported_before_a_conflict(memory: InMemoryTables, orders: OrderTable) -> None:
    codes = "TransactionConflict", "ConditionalCheckFailed", "None", "None", "None"
    reasons = [{"Code": code} for code in codes]
    seen = orders.inventory("t1")
    memory.errors = [AwsError("TransactionCanceledException", CancellationReasons=reasons)]
    with pytest.raises(Conflict, match="exists already"):
        orders.add(placed_order(), seen, events.of(placed_order()), LIMITS)


def test_a_deleted_account_claims_nothing(memory: InMemoryTables, orders: OrderTable) -> None:
    for _ in range(2):
        orders.block_buyer("ann", NOON)
    gone = {"pk": "GONE#ann", "forgetAt": int((NOON + 40 * DAY).timestamp())}
    with pytest.raises(Unauthorized, match=r"^This account was deleted\.$") as refused:
        place(orders, placed_order())
    assert refused.value.code == "account_deleted"
    assert memory.rows("orders") == {"TICKET#t1": INVENTORY_ROW, "GONE#ann": gone}
    assert place(orders, placed_order(buyer="bob")).user_id == "bob"


def test_the_version_that_a_buyer_saw_is_beside_the_request(
    memory: InMemoryTables, orders: OrderTable
) -> None:
    """Versions of orders without it read the request as a whole."""
    placed = placed_order()
    seen = replace(placed, request=replace(placed.request, version=3))
    place(orders, seen)
    assert memory.rows("orders")["ORDER#o1"] == {**ORDER_ROW, "seenVersion": 3}
    assert orders.find("o1") == seen


def test_a_conflicting_write_is_contended(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    memory.errors = [AwsError("TransactionConflictException")]
    with pytest.raises(Contended):
        save(orders, order, order.extend(NOON + 5 * MINUTE, HOLD))


def test_the_index_of_pending_orders_holds_no_other(memory: InMemoryTables, orders: OrderTable) -> None:
    order = place(orders, placed_order())
    for ended in (order.pay(9720, "eur", NOON), order.cancel(), order.expire(NOON + HOLD + MINUTE)):
        assert ended.status is not Status.PENDING
        save(orders, order, ended)
        assert "pendingShard" not in memory.rows("orders")["ORDER#o1"]
        memory.put("orders", **ORDER_ROW | {"event": {"id": "e"}})
