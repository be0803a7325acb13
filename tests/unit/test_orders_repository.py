"""What orders keeps in its table, row by row, and what it refuses to write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import ANY

import botocore.exceptions
import pytest
from orders import events, repository
from orders.model import Inventory, Order, Request, Status, Ticket
from orders.repository import Contended, OrderTable, Stale
from tiketz_common.errors import Conflict, NotFound, Unavailable

from tests.simulation.world.refusals import Refused
from tests.support.auth import meanwhile
from tests.support.busy import cancelling
from tests.support.memory import Memory, in_parts, unanswered
from tests.unit.conftest import StillClock

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOLD = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
WEEK_LATER = int((NOON + timedelta(days=7)).timestamp())
TICKET = Ticket(
    id="t1",
    title="Marble Arcade",
    price=4860,
    currency="eur",
    quantity=12,
    seller_id="maren",
    starts_at=NOON + timedelta(days=90),
    venue="Halcyon Hall",
    city="Rotterdam",
    listed=True,
    version=3,
)
BARE = replace(TICKET, id="t2", starts_at=None, venue=None, city=None)
LISTING = {
    "pk": "TICKET#t1",
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "sellerId": "maren",
    "startsAt": "2026-09-29T12:00:00.000Z",
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "listed": True,
    "ticketVersion": 3,
    "quantity": 12,
    "available": 12,
    "held": 0,
    "sold": 0,
    "inventoryVersion": 1,
    "changedAt": "2026-07-01T12:00:00.000Z",
    "correlationId": "c1",
}
ORDER = {
    "pk": "ORDER#o1",
    "userId": "ann",
    "status": "pending",
    "quantity": 2,
    "total": 9720,
    "currency": "eur",
    "createdAt": "2026-07-01T12:01:00.000Z",
    "expiresAt": "2026-07-01T12:16:00.000Z",
    "extensions": 0,
    "extendedAt": None,
    "version": 1,
    "reason": None,
    "request": {"ticket_id": "t1", "quantity": 2, "price": 4860},
    "ticket": {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "starts_at": "2026-09-29T12:00:00.000Z",
        "venue": "Halcyon Hall",
        "city": "Rotterdam",
    },
    "event": {
        "id": ANY,
        "type": "OrderCreated",
        "time": "2026-07-01T12:01:00.000Z",
        "correlationId": "c1",
    },
    "pendingShard": "1",
}
HELD = {"pk": "HELD#t1#ann", "units": 2, "forgetAt": WEEK_LATER + 60}


@pytest.fixture
def orders(memory: Memory) -> OrderTable:
    """Orders that heard of maren's twelve tickets at noon."""
    table = OrderTable("orders")
    table.remember(TICKET, NOON)
    return table


def an_order(id: str = "o1", quantity: int = 2, buyer: str = "ann", ticket: Ticket = TICKET) -> Order:
    """Asked for a minute past noon."""
    asked = Request(ticket_id=ticket.id, quantity=quantity, price=ticket.price)
    return Order.place(id, buyer, asked, ticket, NOON + MINUTE, HOLD)


def place(orders: OrderTable, order: Order) -> Order:
    orders.add(order, orders.inventory(order.ticket_id), events.of(order))
    return order


def save(orders: OrderTable, before: Order, after: Order, minutes: int = 5) -> None:
    orders.save(before, after, events.of(after), NOON + minutes * MINUTE)


def inventory(memory: Memory, **changed: Any) -> bool:
    """Whether t1's row is as it was listed, but for what changed."""
    return memory.rows("orders")["TICKET#t1"] == {**LISTING, **changed}


# ---------------------------------------------------------------- listings


def test_a_listing_heard_of_is_all_free(memory: Memory, orders: OrderTable) -> None:
    assert memory.rows("orders") == {"TICKET#t1": LISTING}
    assert orders.inventory("t1") == Inventory(ticket=TICKET, available=12, held=0, sold=0)


def test_a_listing_need_not_say_where_and_when(orders: OrderTable) -> None:
    orders.remember(BARE, NOON)
    assert orders.inventory("t2").ticket == BARE


def test_a_ticket_not_heard_of_is_not_found(orders: OrderTable) -> None:
    with pytest.raises(NotFound, match=r"^We know no such ticket\.$"):
        orders.inventory("t9")
    assert orders.find("o9") is None


def test_old_news_of_a_listing_changes_nothing(memory: Memory, orders: OrderTable) -> None:
    for version in (2, 3):
        orders.remember(replace(TICKET, title="Old", quantity=1, version=version), NOON)
    assert inventory(memory)


def test_an_edit_of_words_moves_no_unit_and_is_no_news_of_stock(memory: Memory, orders: OrderTable) -> None:
    edited = replace(TICKET, title="Marble", price=5000, listed=False, venue=None, starts_at=None, version=5)
    orders.remember(edited, NOON + MINUTE)
    assert inventory(
        memory, title="Marble", price=5000, listed=False, venue=None, startsAt=None, ticketVersion=5
    )


@pytest.mark.parametrize(("quantity", "available"), [(15, 13), (11, 9), (1, -1)])
def test_units_added_are_free_units_and_units_taken_away_were(
    memory: Memory, orders: OrderTable, quantity: int, available: int
) -> None:
    place(orders, an_order())
    orders.remember(replace(TICKET, quantity=quantity, version=4), NOON + 9 * MINUTE)
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
def test_an_edit_heard_while_another_is_written_is_read_again(
    memory: Memory, orders: OrderTable, others: dict[str, Any]
) -> None:
    with (
        meanwhile("UpdateItem", lambda: orders.remember(replace(TICKET, **others), NOON)),
        pytest.raises(Stale, match=r"^t1$"),
    ):
        orders.remember(replace(TICKET, quantity=9, version=5), NOON)
    assert memory.rows("orders")["TICKET#t1"]["ticketVersion"] == 4


def test_a_quantity_that_is_not_as_read_is_read_again(memory: Memory, orders: OrderTable) -> None:
    with (
        meanwhile("UpdateItem", lambda: memory.put("orders", **{**LISTING, "quantity": 13})),
        pytest.raises(Stale),
    ):
        orders.remember(replace(TICKET, quantity=9, version=5), NOON)
    assert inventory(memory, quantity=13)


def test_a_listing_first_heard_of_twice_at_once_is_read_again(memory: Memory, orders: OrderTable) -> None:
    with (
        meanwhile("PutItem", lambda: orders.remember(BARE, NOON)),
        pytest.raises(Stale, match=r"^t2$"),
    ):
        orders.remember(replace(BARE, title="Later", version=9), NOON)
    assert orders.inventory("t2").ticket == BARE


def test_what_was_read_last_is_remembered_for_a_thousand_tickets(
    orders: OrderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert orders.seen("t1") is None
    assert orders.inventory("t1") == orders.seen("t1")
    assert repository.SEEN_AT_MOST == 1000
    monkeypatch.setattr(repository, "SEEN_AT_MOST", 2)
    for id in ("t2", "t3"):
        orders.remember(replace(BARE, id=id), NOON)
    orders.inventory("t2")
    assert orders.seen("t1")
    orders.inventory("t3")
    assert (orders.seen("t1"), orders.seen("t2")) == (None, None)
    assert orders.seen("t3")


# ---------------------------------------------------------------- placing


def test_an_order_its_units_and_its_buyers_count_are_written_at_once(
    memory: Memory, orders: OrderTable
) -> None:
    order = place(orders, an_order())
    listing = {**LISTING, "available": 10, "held": 2, "inventoryVersion": 2}
    listing["changedAt"] = "2026-07-01T12:01:00.000Z"
    assert memory.rows("orders") == {"TICKET#t1": listing, "ORDER#o1": ORDER, "HELD#t1#ann": HELD}
    assert orders.find("o1") == order
    assert memory.operations().count("TransactWriteItems") == 1


def test_an_order_of_a_ticket_without_a_date_is_kept_whole(orders: OrderTable) -> None:
    orders.remember(BARE, NOON)
    assert orders.find(place(orders, an_order(ticket=BARE)).id) == an_order(ticket=BARE)


@pytest.mark.parametrize(
    "edited",
    [{"listed": False}, {"version": 4}, {"quantity": 1}],
    ids=["withdrawn", "edited", "fewer"],
)
def test_an_order_is_not_placed_on_what_changed_since(
    memory: Memory, orders: OrderTable, edited: dict[str, Any]
) -> None:
    seen = orders.inventory("t1")
    quantity = edited.get("quantity", 12)
    row = {**LISTING, "quantity": quantity, "available": quantity, "listed": edited.get("listed", True)}
    memory.put("orders", **{**row, "ticketVersion": edited.get("version", 3)})
    with pytest.raises(Stale, match=r"^t1$"):
        orders.add(an_order(), seen, events.of(an_order()))
    assert memory.rows("orders").keys() == {"TICKET#t1"}


def test_the_last_unit_can_be_had(memory: Memory, orders: OrderTable) -> None:
    place(orders, an_order(quantity=10))
    place(orders, an_order("o2", buyer="ben"))
    row = memory.rows("orders")["TICKET#t1"]
    assert (row["available"], row["held"]) == (0, 12)


def test_an_order_exists_once(memory: Memory, orders: OrderTable) -> None:
    place(orders, an_order())
    before = memory.rows("orders")
    with pytest.raises(Conflict, match=r"^This order exists already\.$"):
        place(orders, an_order())
    assert memory.rows("orders") == before


def test_a_buyer_holds_ten_of_a_ticket_and_no_more(memory: Memory, orders: OrderTable) -> None:
    place(orders, an_order(quantity=4))
    place(orders, an_order("o2", quantity=6))
    with pytest.raises(Conflict, match=r"^You can hold 10 of these at a time; pay for yours first\.$"):
        place(orders, an_order("o3", quantity=1))
    assert memory.rows("orders")["HELD#t1#ann"]["units"] == 10
    place(orders, an_order("o3", quantity=1, buyer="ben"))


# ---------------------------------------------------------------- changing


def test_a_paid_order_has_its_units_sold(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    save(orders, order, order.pay(9720, "eur"))
    rows = memory.rows("orders")
    event = {"id": ANY, "type": "OrderCompleted", "time": "2026-07-01T12:05:00.000Z", "correlationId": "c1"}
    completed = {**ORDER, "status": "completed", "version": 2, "event": event}
    del completed["pendingShard"]
    assert rows["ORDER#o1"] == completed
    assert rows["HELD#t1#ann"] == {**HELD, "units": 0, "forgetAt": WEEK_LATER + 300}
    assert inventory(memory, available=10, sold=2, inventoryVersion=3, changedAt="2026-07-01T12:05:00.000Z")


def test_an_ended_order_frees_its_units(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    save(orders, order, order.cancel())
    rows = memory.rows("orders")
    assert (rows["ORDER#o1"]["status"], rows["ORDER#o1"]["reason"]) == ("cancelled", "buyer")
    assert rows["HELD#t1#ann"]["units"] == 0
    assert inventory(memory, inventoryVersion=3, changedAt="2026-07-01T12:05:00.000Z")
    assert orders.find("o1") == order.cancel()


def test_a_refund_frees_what_nobody_holds_any_more(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    paid = order.pay(9720, "eur")
    save(orders, order, paid)
    held = memory.rows("orders")["HELD#t1#ann"]
    save(orders, paid, paid.refund(), minutes=9)
    assert memory.rows("orders")["HELD#t1#ann"] == held
    assert inventory(memory, inventoryVersion=4, changedAt="2026-07-01T12:09:00.000Z")


def test_an_extension_moves_nothing(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    before = memory.rows("orders")
    extended = order.extend(NOON + 5 * MINUTE, HOLD)
    save(orders, order, extended)
    event = {"id": ANY, "type": "OrderExtended", "time": "2026-07-01T12:05:00.000Z", "correlationId": "c1"}
    times = {"expiresAt": "2026-07-01T12:20:00.000Z", "extendedAt": "2026-07-01T12:05:00.000Z"}
    changed = {**ORDER, **times, "extensions": 1, "version": 2, "event": event}
    assert memory.rows("orders") == {**before, "ORDER#o1": changed}
    assert orders.find("o1") == extended
    assert memory.operations()[-2] == "PutItem"  # one row: no transaction is paid for


@pytest.mark.parametrize("first", ["pay", "extend"])
def test_of_two_changes_at_once_the_second_is_read_again(
    memory: Memory, orders: OrderTable, first: str
) -> None:
    order = place(orders, an_order())
    paid, extended = order.pay(9720, "eur"), order.extend(NOON + 5 * MINUTE, HOLD)
    earlier, later = (paid, extended) if first == "pay" else (extended, paid)
    save(orders, order, earlier)
    before = memory.rows("orders")
    with pytest.raises(Stale, match=r"^o1$"):
        save(orders, order, later)
    assert memory.rows("orders") == before


# ---------------------------------------------------------------- finding


def test_a_buyers_orders_come_newest_first_page_by_page(memory: Memory, orders: OrderTable) -> None:
    for number in range(5):
        made = replace(an_order(f"o{number}", quantity=1), created_at=NOON + number * MINUTE)
        place(orders, made)
    place(orders, an_order("theirs", buyer="ben"))
    page, after = orders.of_buyer("ann", 3, None)
    assert [order.id for order in page] == ["o4", "o3", "o2"]
    assert after == {"pk": "ORDER#o2", "createdAt": "2026-07-01T12:02:00.000Z"}
    page, end = orders.of_buyer("ann", 3, after)
    assert ([order.id for order in page], end) == (["o1", "o0"], None)
    exactly, after = orders.of_buyer("ann", 5, None)
    assert (len(exactly), after) == (5, None)
    assert orders.of_buyer("nobody", 5, None) == ([], None)
    reads = [asked["Limit"] for operation, asked in memory.asked if operation == "Query"]
    assert reads == [4, 4, 6, 6]  # one more than a page has tells whether there is another


def test_what_was_left_out_of_a_page_is_asked_for_again(
    memory: Memory, orders: OrderTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        place(orders, replace(an_order(f"o{number}", quantity=1), created_at=NOON + number * MINUTE))
    monkeypatch.setattr(memory, "call", in_parts(memory.call, 2))
    assert [order.id for order in orders.of_buyer("ann", 9, None)[0]] == ["o2", "o1", "o0"]
    assert len(still_clock.slept) == 2


def test_a_page_that_is_never_read_asks_for_patience(
    memory: Memory, orders: OrderTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(orders, an_order())
    monkeypatch.setattr(memory, "call", unanswered(memory.call))
    with pytest.raises(Unavailable, match=r"^We are busier than usual; try again in a moment\.$"):
        orders.of_buyer("ann", 9, None)


def test_what_is_overdue_is_found_in_every_shard(orders: OrderTable, monkeypatch: pytest.MonkeyPatch) -> None:
    for digit in "0123456789abcdef":
        place(orders, an_order(f"late-{digit}", quantity=1, buyer=digit, ticket=replace(TICKET, id="t1")))
        orders.remember(replace(TICKET, quantity=99, version=ord(digit)), NOON)
    later = replace(an_order("more-7", quantity=1, buyer="x"), expires_at=NOON + 17 * MINUTE)
    orders.add(
        later, Inventory(ticket=orders.inventory("t1").ticket, available=1, held=0, sold=0), events.of(later)
    )
    paid = orders.find("late-3")
    assert paid
    save(orders, paid, paid.pay(4860, "eur"))
    end = NOON + 16 * MINUTE
    assert list(orders.overdue(end - timedelta(milliseconds=1))) == []
    assert list(orders.overdue(end)) == [f"late-{digit}" for digit in "012456789abcdef"]
    found = list(orders.overdue(end + MINUTE))
    assert found.index("more-7") == found.index("late-7") + 1
    assert repository.OVERDUE_PER_SHARD == 100
    monkeypatch.setattr(repository, "OVERDUE_PER_SHARD", 1)
    assert "more-7" not in list(orders.overdue(end + MINUTE))


def test_everything_is_read_as_it_was_written_last(memory: Memory, orders: OrderTable) -> None:
    place(orders, an_order())
    orders.find("o1")
    reads = [asked for operation, asked in memory.asked if operation == "GetItem"]
    assert {(asked["TableName"], asked["ConsistentRead"]) for asked in reads} == {("orders", True)}
    assert "ORDER#o1" in str(reads)


# ---------------------------------------------------------------- in each other's way


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_transaction_in_others_way_can_be_tried_again(
    memory: Memory, orders: OrderTable, reason: str
) -> None:
    with cancelling(reason, 1), pytest.raises(Contended):
        place(orders, an_order())
    assert memory.rows("orders") == {"TICKET#t1": LISTING}


def test_a_transaction_that_is_wrong_fails(orders: OrderTable) -> None:
    with (
        cancelling("ValidationError", 1),
        pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"),
    ):
        place(orders, an_order())


def test_a_broken_condition_outweighs_a_conflict(memory: Memory, orders: OrderTable) -> None:
    reasons = [{"Code": "TransactionConflict"}, {"Code": "ConditionalCheckFailed"}, {"Code": "None"}]
    seen = orders.inventory("t1")
    memory.refusals = [Refused("TransactionCanceledException", CancellationReasons=reasons)]
    with pytest.raises(Conflict, match="exists already"):
        orders.add(an_order(), seen, events.of(an_order()))


def test_a_single_write_in_others_way_can_be_tried_again(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    memory.refusals = [Refused("TransactionConflictException")]
    with pytest.raises(Contended):
        save(orders, order, order.extend(NOON + 5 * MINUTE, HOLD))


def test_the_index_of_pending_orders_holds_no_other(memory: Memory, orders: OrderTable) -> None:
    order = place(orders, an_order())
    for ended in (order.pay(9720, "eur"), order.cancel(), order.expire(NOON + HOLD + MINUTE)):
        assert ended.status is not Status.PENDING
        save(orders, order, ended)
        assert "pendingShard" not in memory.rows("orders")["ORDER#o1"]
        memory.put("orders", **ORDER | {"event": {"id": "e"}})
