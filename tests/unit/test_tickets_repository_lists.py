"""Lists of tickets: by seller, in every order, by words."""

from dataclasses import replace
from typing import Any

import pytest
from tickets import repository
from tickets.catalogue import Sort, TicketSearch
from tickets.model import Inventory, Ticket
from tickets.repository import TicketTable
from tiketz_common.errors import Unavailable

from tests.factories import DAY, MINUTE, NOON
from tests.fakes.in_memory_tables import InMemoryTables, partial_batches, unprocessed_batches
from tests.unit.conftest import StillClock
from tests.unit.ticket_rows import TICKET, offer, save


def shelf_of(tickets: TicketTable, count: int) -> list[str]:
    """So many tickets, each a day later, cheaper and newer than the one before; their ids."""
    ids = [f"n{number:02}" for number in range(count)]
    for number, ticket_id in enumerate(ids):
        offer(
            tickets,
            replace(
                TICKET,
                id=ticket_id,
                starts_at=NOON + (number + 1) * DAY,
                created_at=NOON + number * MINUTE,
                price=9_000 - number,
            ),
        )
    return ids


def pages(tickets: TicketTable, search: TicketSearch, limit: int) -> list[list[str]]:
    read, after = [], None
    while True:
        page = tickets.browse(search, limit, after, NOON)
        read.append([ticket.id for ticket in page.tickets])
        after = page.after
        if after is None:
            return read


def test_a_sellers_tickets_come_newest_first_in_every_state(
    memory: InMemoryTables, tickets: TicketTable
) -> None:
    ids = shelf_of(tickets, 5)
    offer(tickets, replace(TICKET, seller_id="ben"))
    third = tickets.find("n02")
    assert third
    save(tickets, third, third.withdrawn())
    first = tickets.of_seller("maren", 3, None)
    assert ([ticket.id for ticket in first.tickets], first.after) == (
        ["n04", "n03", "n02"],
        "2026-07-01T12:02:00.000Z#n02",
    )
    assert first.tickets[2] == third.withdrawn()
    last = tickets.of_seller("maren", 3, first.after)
    assert ([ticket.id for ticket in last.tickets], last.after) == (["n01", "n00"], None)
    assert [ticket.id for ticket in tickets.of_seller("maren", 5, None).tickets] == ids[::-1]
    assert tickets.of_seller("maren", 5, None).after is None
    assert tickets.of_seller("nobody", 5, None).tickets == []
    limits = {params["Limit"] for operation, params in memory.calls if operation == "Query"}
    assert limits == {4, 6}  # one more than a page has shows whether there is another


@pytest.mark.parametrize("sort", Sort)
def test_every_sort_order_is_read_page_by_page(tickets: TicketTable, sort: Sort) -> None:
    ids = shelf_of(tickets, 5)
    ordered = ids if sort is Sort.SOONEST else ids[::-1]
    assert pages(tickets, TicketSearch(sort=sort), 2) == [ordered[:2], ordered[2:4], ordered[4:]]
    assert pages(tickets, TicketSearch(sort=sort), 5) == [ordered]
    assert tickets.browse(TicketSearch(sort=sort), 9, None, NOON).tickets[0] == tickets.find(ordered[0])


def test_a_filtered_list_doubles_its_limit_each_time(memory: InMemoryTables, tickets: TicketTable) -> None:
    ids = shelf_of(tickets, 40)
    memory.calls.clear()
    cheap = TicketSearch(sort=Sort.SOONEST, max_price=8_961)
    assert tickets.browse(cheap, 3, None, NOON).tickets == [tickets.find(ids[39])]
    reaches = [params["Limit"] for operation, params in memory.calls if operation == "Query"]
    assert reaches == [25, 50]
    memory.calls.clear()
    tickets.browse(TicketSearch(sort=Sort.SOONEST), 30, None, NOON)
    assert [params["Limit"] for _, params in memory.calls] == [31]


def test_a_list_at_its_cost_limit_continues_from_its_cursor(
    tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "FIRST_QUERY_LIMIT", 2)
    monkeypatch.setattr(repository, "MAX_QUERIES", 2)
    ids = shelf_of(tickets, 8)
    cheap = TicketSearch(sort=Sort.SOONEST, max_price=8_994)  # the last two
    page = tickets.browse(cheap, 1, None, NOON)
    assert (page.tickets, page.after) == ([], "2026-07-07T12:00:00.000Z#n05")
    assert [ticket.id for ticket in tickets.browse(cheap, 1, page.after, NOON).tickets] == ids[6:7]
    offer(tickets, replace(TICKET, id="now", price=50, starts_at=NOON + MINUTE))
    page = tickets.browse(cheap, 1, None, NOON)
    assert (page.tickets, page.after) == ([tickets.find("now")], "2026-07-06T12:00:00.000Z#n04")
    monkeypatch.setattr(repository, "MAX_QUERIES", 3)
    offer(tickets, replace(TICKET, id="soon", price=50, starts_at=NOON + 2 * MINUTE))
    page = tickets.browse(cheap, 2, None, NOON)
    assert [ticket.id for ticket in page.tickets] == ["now", "soon"]


def test_an_impossible_search_makes_no_query(memory: InMemoryTables, tickets: TicketTable) -> None:
    for search in (
        TicketSearch(sort=Sort.SOONEST, words=()),
        TicketSearch(sort=Sort.NEWEST, earliest=NOON + 2 * DAY, latest=NOON + DAY),
    ):
        page = tickets.browse(search, 5, None, NOON)
        assert (page.tickets, page.after) == ([], None)
    assert memory.calls == []


@pytest.mark.parametrize("sort", Sort)
def test_words_find_tickets_on_sale_in_every_order(
    memory: InMemoryTables, tickets: TicketTable, sort: Sort
) -> None:
    ids = shelf_of(tickets, 6)
    sold = tickets.find("n02")
    assert sold
    tickets.apply_inventory(sold.with_inventory(Inventory(sold=3, version=1)), NOON)
    offer(tickets, replace(TICKET, id="other", title="Quiet Evening"))
    ordered = [ticket_id for ticket_id in (ids if sort is Sort.SOONEST else ids[::-1]) if ticket_id != "n02"]
    search = TicketSearch(sort=sort, words=("marb", "arcade"))
    assert pages(tickets, search, 9) == [ordered]
    assert pages(tickets, search, 2) == [ordered[:2], ordered[2:4], ordered[4:]]
    assert tickets.browse(search, 9, None, NOON).tickets[0] == tickets.find(ordered[0])
    assert pages(tickets, TicketSearch(sort=sort, words=("nothing",)), 9) == [[]]


def test_a_search_at_its_cost_limit_continues_from_its_cursor(
    memory: InMemoryTables, tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MAX_READS", 2)
    ids = shelf_of(tickets, 6)
    for ticket_id in ids[:5]:
        sold = tickets.find(ticket_id)
        assert sold
        tickets.apply_inventory(sold.with_inventory(Inventory(sold=3, version=1)), NOON)
    memory.calls.clear()
    search = TicketSearch(sort=Sort.SOONEST, words=("marble",))
    page = tickets.browse(search, 1, None, NOON)
    assert (page.tickets, page.after) == ([], "2026-07-05T12:00:00.000Z#n03")
    keys = [params["RequestItems"]["tickets"]["Keys"] for op, params in memory.calls if op == "BatchGetItem"]
    assert [len(each) for each in keys] == [2, 2]
    assert [ticket.id for ticket in tickets.browse(search, 1, page.after, NOON).tickets] == ["n05"]
    monkeypatch.setattr(repository, "MAX_READS", 3)
    page = tickets.browse(search, 1, None, NOON)
    assert ([ticket.id for ticket in page.tickets], page.after) == (["n05"], None)
    monkeypatch.setattr(repository, "BATCH", 3)
    memory.calls.clear()
    tickets.browse(search, 9, None, NOON)
    keys = [params["RequestItems"]["tickets"]["Keys"] for op, params in memory.calls if op == "BatchGetItem"]
    assert [len(each) for each in keys] == [3, 3]


def test_a_search_joins_the_pages_of_its_query(
    memory: InMemoryTables, tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelf_of(tickets, 6)
    whole = memory.call

    def short(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return whole(operation, {**params, "Limit": 2} if operation == "Query" else params)

    monkeypatch.setattr(memory, "call", short)
    search = TicketSearch(sort=Sort.SOONEST, words=("marble",))
    assert pages(tickets, search, 9) == [ids]
    monkeypatch.setattr(repository, "MAX_WORD_QUERIES", 2)
    assert pages(tickets, search, 9) == [ids[:4]]


def test_unprocessed_keys_of_a_batch_are_requested_again(
    memory: InMemoryTables, tickets: TicketTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelf_of(tickets, 3)
    monkeypatch.setattr(memory, "call", partial_batches(memory.call, 2))
    assert [ticket.id for ticket in tickets.of_seller("maren", 9, None).tickets] == ids[::-1]
    assert len(still_clock.slept) == 2


def test_a_batch_that_stays_unprocessed_is_unavailable(
    memory: InMemoryTables, tickets: TicketTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf_of(tickets, 3)
    monkeypatch.setattr(memory, "call", unprocessed_batches(memory.call))
    with pytest.raises(Unavailable, match=r"^We are busier than usual; try again in a moment\.$"):
        tickets.of_seller("maren", 9, None)


def test_a_deleted_ticket_is_left_out(memory: InMemoryTables, tickets: TicketTable, listed: Ticket) -> None:
    memory.delete("tickets", pk="TICKET#t1", sk="TICKET")
    assert tickets.browse(TicketSearch(sort=Sort.SOONEST, words=("marble",)), 9, None, NOON).tickets == []
