"""What tickets keeps in its table, row by row, and what its lists find there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import ANY

import botocore.exceptions
import pytest
from tickets import events, repository
from tickets.catalogue import Sort, Wish
from tickets.model import Inventory, State, Ticket
from tickets.repository import Stale, TicketTable
from tiketz_common.errors import Unavailable

from tests.simulation.world.refusals import Refused
from tests.support.busy import cancelling
from tests.support.memory import Memory, in_parts, unanswered
from tests.unit.conftest import StillClock

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TICKET = Ticket(
    id="t1",
    seller_id="maren",
    title="Marble Arcade",
    price=4860,
    currency="eur",
    quantity=3,
    starts_at=NOON + DAY,
    venue="Halcyon Hall",
    city="Łódź",
    category="Concert",
    description="Two by the stage.",
    state=State.LISTED,
    version=1,
    created_at=NOON,
)
BARE = replace(TICKET, id="t2", starts_at=None, venue=None, city=None, category=None, description=None)
KEYS = {
    "soonest": "2026-07-02T12:00:00.000Z#t1",
    "newest": "2026-07-01T12:00:00.000Z#t1",
    "cheapest": "0004860#t1",
    "city": "lodz",
    "category": "concert",
}
SHELVES = {"shelf": "all", "cityShelf": "lodz", "categoryShelf": "concert"}
FACTS = {
    "id": "t1",
    "sellerId": "maren",
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 3,
    "startsAt": "2026-07-02T12:00:00.000Z",
    "venue": "Halcyon Hall",
    "city": "Łódź",
    "category": "Concert",
    "description": "Two by the stage.",
    "state": "listed",
    "version": 1,
    "createdAt": "2026-07-01T12:00:00.000Z",
}
ROW = {
    "pk": "TICKET#t1",
    "sk": "TICKET",
    "ticket": FACTS,
    "held": 0,
    "sold": 0,
    "inventoryVersion": 0,
    **KEYS,
    **SHELVES,
    "seller": "maren",
    "event": ANY,
}
WORDS = " marble arcade lodz halcyon hall"


def word_row(word: str) -> dict[str, Any]:
    begins = int((NOON + DAY).timestamp())
    return {"pk": f"WORD#{word[0]}", "sk": f"{word}#t1", **KEYS, "words": WORDS, "forgetAt": begins}


@pytest.fixture
def tickets(memory: Memory) -> TicketTable:
    """Nothing is for sale."""
    return TicketTable("tickets")


@pytest.fixture
def listed(tickets: TicketTable) -> Ticket:
    """Maren listed three at noon."""
    tickets.add(TICKET, events.created(TICKET), NOON)
    return TICKET


def offer(tickets: TicketTable, *listings: Ticket) -> None:
    for each in listings:
        tickets.add(each, events.created(each), NOON)


def save(tickets: TicketTable, before: Ticket, after: Ticket, now: datetime = NOON + MINUTE) -> None:
    tickets.save(before, after, events.updated(after), now)


def row(memory: Memory) -> dict[str, Any]:
    return memory.rows("tickets")["TICKET#t1 TICKET"]


def words(memory: Memory) -> set[str]:
    return {key.split()[1] for key in memory.rows("tickets") if key.startswith("WORD#")}


# ---------------------------------------------------------------- writing


def test_a_listing_is_written_with_its_event_and_its_words(memory: Memory, listed: Ticket) -> None:
    rows = memory.rows("tickets")
    assert rows.pop("TICKET#t1 TICKET") == ROW
    assert rows == {
        f"WORD#{word[0]} {word}#t1": word_row(word)
        for word in ("marble", "arcade", "lodz", "halcyon", "hall")
    }
    event = {"id": ANY, "type": "TicketCreated", "time": "2026-07-01T12:00:00.000Z", "correlationId": "c1"}
    assert row(memory)["event"] == event
    assert memory.operations() == ["TransactWriteItems"]


def test_a_listing_is_read_as_it_was_written_last(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    assert tickets.find("t1") == TICKET
    assert tickets.find("t2") is None
    offer(tickets, BARE)
    assert tickets.find("t2") == BARE
    reads = [asked for operation, asked in memory.asked if operation == "GetItem"]
    assert {(asked["ConsistentRead"], asked["ProjectionExpression"]) for asked in reads} == {
        (True, "ticket, held, sold, inventoryVersion")
    }


def test_a_listing_that_says_little_has_few_places(memory: Memory, tickets: TicketTable) -> None:
    offer(tickets, BARE)
    rows = memory.rows("tickets")
    bare = rows["TICKET#t2 TICKET"]
    keys = {"soonest": "~#t2", "newest": "2026-07-01T12:00:00.000Z#t2", "cheapest": "0004860#t2"}
    assert {name: bare[name] for name in bare.keys() - {"ticket", "event"}} == {
        "pk": "TICKET#t2",
        "sk": "TICKET",
        "held": 0,
        "sold": 0,
        "inventoryVersion": 0,
        "seller": "maren",
        "shelf": "all",
        **keys,
    }
    assert bare["ticket"]["startsAt"] is None
    assert rows["WORD#m marble#t2"] == {
        "pk": "WORD#m",
        "sk": "marble#t2",
        "words": " marble arcade",
        **keys,
    }


def test_a_listing_is_added_once(memory: Memory, tickets: TicketTable, listed: Ticket) -> None:
    before = memory.rows("tickets")
    with pytest.raises(Stale):
        offer(tickets, replace(TICKET, title="Another"))
    assert memory.rows("tickets") == before


def test_an_edit_writes_the_words_that_differ(memory: Memory, tickets: TicketTable, listed: Ticket) -> None:
    edited = replace(TICKET, title="Marble Halls", version=2)
    memory.asked.clear()
    save(tickets, TICKET, edited)
    assert words(memory) == {"marble#t1", "halls#t1", "lodz#t1", "halcyon#t1", "hall#t1"}
    assert {each["words"] for key, each in memory.rows("tickets").items() if "WORD" in key} == {
        " marble halls lodz halcyon hall"
    }
    assert row(memory) == {**ROW, "ticket": {**FACTS, "title": "Marble Halls", "version": 2}}
    told = row(memory)["event"]
    assert (told["type"], told["time"]) == ("TicketUpdated", "2026-07-01T12:01:00.000Z")
    [(operation, asked)] = memory.asked
    assert (operation, len(asked["TransactItems"])) == ("TransactWriteItems", 7)  # "arcade" goes


def test_an_edit_that_words_do_not_show_leaves_them_alone(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    memory.asked.clear()
    save(tickets, TICKET, replace(TICKET, description=None, version=2))
    [(_, asked)] = memory.asked
    assert len(asked["TransactItems"]) == 1


def test_what_is_withdrawn_is_found_by_its_id_alone(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    save(tickets, TICKET, TICKET.withdrawn())
    assert words(memory) == set()
    assert tickets.find("t1") == TICKET.withdrawn()
    assert row(memory).keys() & SHELVES.keys() == set()


@pytest.mark.parametrize(
    "before", [replace(TICKET, version=2), replace(TICKET, inventory=Inventory(version=1))]
)
def test_an_edit_of_what_changed_meanwhile_is_read_again(
    memory: Memory, tickets: TicketTable, listed: Ticket, before: Ticket
) -> None:
    rows = memory.rows("tickets")
    with pytest.raises(Stale):
        save(tickets, before, replace(before, title="Late", version=before.version + 1))
    assert memory.rows("tickets") == rows


def test_what_orders_told_is_kept_without_an_event(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    event = row(memory)["event"]
    tickets.restock(TICKET.restocked(Inventory(held=2, sold=0, version=4)), NOON)
    assert row(memory) == {**ROW, "held": 2, "inventoryVersion": 4, "silent": True, "event": event}
    tickets.restock(TICKET.restocked(Inventory(held=1, sold=2, version=5)), NOON)
    taken = {**ROW, "held": 1, "sold": 2, "inventoryVersion": 5, "silent": True}
    assert row(memory) == {name: value for name, value in taken.items() if name not in SHELVES}
    assert tickets.find("t1") == TICKET.restocked(Inventory(held=1, sold=2, version=5))
    tickets.restock(TICKET.restocked(Inventory(held=0, sold=2, version=6)), NOON)
    assert row(memory) == {**taken, "held": 0, "inventoryVersion": 6}
    save(tickets, TICKET.restocked(Inventory(sold=2, version=6)), replace(TICKET, version=2))
    assert "silent" not in row(memory)


def test_stock_that_is_old_news_or_of_an_edited_listing_is_read_again(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    tickets.restock(TICKET.restocked(Inventory(held=1, version=4)), NOON)
    before = memory.rows("tickets")
    for stale in (
        replace(TICKET, inventory=Inventory(held=3, version=4)),
        replace(TICKET, inventory=Inventory(held=3, version=5), version=2),
    ):
        with pytest.raises(Stale):
            tickets.restock(stale, NOON)
    assert memory.rows("tickets") == before


def test_what_has_begun_comes_off_the_shelf(memory: Memory, tickets: TicketTable, listed: Ticket) -> None:
    offer(tickets, replace(TICKET, id="t3", starts_at=NOON + 2 * DAY), replace(TICKET, id="t0"), BARE)
    assert tickets.begun(NOON + DAY - MINUTE, 9) == []
    assert tickets.begun(NOON + DAY, 9) == ["t0", "t1"]
    assert tickets.begun(NOON + 3 * DAY, 9) == ["t0", "t1", "t3"]
    assert tickets.begun(NOON + 3 * DAY, 2) == ["t0", "t1"]
    tickets.take_down("t1", NOON + DAY)
    assert row(memory) == {
        **{name: value for name, value in ROW.items() if name not in SHELVES},
        "silent": True,
    }
    assert tickets.begun(NOON + DAY, 9) == ["t0"]


def test_what_was_put_off_meanwhile_stays_on_the_shelf(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    with pytest.raises(Stale):
        tickets.take_down("t1", NOON + DAY - MINUTE)
    assert row(memory) == ROW


@pytest.mark.parametrize(
    "reason",
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "ConditionalCheckFailed"],
)
def test_a_transaction_in_others_way_is_read_again(tickets: TicketTable, reason: str) -> None:
    with cancelling(reason, 1), pytest.raises(Stale):
        offer(tickets, TICKET)


def test_a_transaction_that_is_wrong_fails(tickets: TicketTable) -> None:
    with (
        cancelling("ValidationError", 1),
        pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"),
    ):
        offer(tickets, TICKET)


def test_a_single_write_in_others_way_is_read_again(
    memory: Memory, tickets: TicketTable, listed: Ticket
) -> None:
    memory.refusals = [Refused("TransactionConflictException")]
    with pytest.raises(Stale):
        tickets.restock(TICKET.restocked(Inventory(held=1, version=4)), NOON)


# ---------------------------------------------------------------- lists


def shelf_of(tickets: TicketTable, count: int) -> list[str]:
    """So many tickets, each a day later, cheaper and newer than the one before; their ids."""
    ids = [f"n{number:02}" for number in range(count)]
    for number, id in enumerate(ids):
        offer(
            tickets,
            replace(
                TICKET,
                id=id,
                starts_at=NOON + (number + 1) * DAY,
                created_at=NOON + number * MINUTE,
                price=9_000 - number,
            ),
        )
    return ids


def pages(tickets: TicketTable, wish: Wish, limit: int) -> list[list[str]]:
    found, after = [], None
    while True:
        page = tickets.browse(wish, limit, after, NOON)
        found.append([ticket.id for ticket in page.tickets])
        after = page.after
        if after is None:
            return found


def test_a_sellers_tickets_come_newest_first_in_every_state(memory: Memory, tickets: TicketTable) -> None:
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
    limits = {asked["Limit"] for operation, asked in memory.asked if operation == "Query"}
    assert limits == {4, 6}  # one more than a page has tells whether there is another


@pytest.mark.parametrize("sort", Sort)
def test_every_order_is_walked_page_by_page(tickets: TicketTable, sort: Sort) -> None:
    ids = shelf_of(tickets, 5)
    ordered = ids if sort is Sort.SOONEST else ids[::-1]
    assert pages(tickets, Wish(sort=sort), 2) == [ordered[:2], ordered[2:4], ordered[4:]]
    assert pages(tickets, Wish(sort=sort), 5) == [ordered]
    assert tickets.browse(Wish(sort=sort), 9, None, NOON).tickets[0] == tickets.find(ordered[0])


def test_a_list_that_is_filtered_reaches_twice_as_far_each_time(memory: Memory, tickets: TicketTable) -> None:
    ids = shelf_of(tickets, 40)
    memory.asked.clear()
    cheap = Wish(sort=Sort.SOONEST, max_price=8_961)
    assert tickets.browse(cheap, 3, None, NOON).tickets == [tickets.find(ids[39])]
    reaches = [asked["Limit"] for operation, asked in memory.asked if operation == "Query"]
    assert reaches == [25, 50]
    memory.asked.clear()
    tickets.browse(Wish(sort=Sort.SOONEST), 30, None, NOON)
    assert [asked["Limit"] for _, asked in memory.asked] == [31]


def test_a_list_that_costs_too_much_goes_on_from_where_it_was(
    tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (repository.MOST_QUERIES, repository.MOST_WORD_QUERIES, repository.MOST_READS) == (8, 4, 4)
    monkeypatch.setattr(repository, "FIRST_REACH", 2)
    monkeypatch.setattr(repository, "MOST_QUERIES", 2)
    ids = shelf_of(tickets, 8)
    cheap = Wish(sort=Sort.SOONEST, max_price=8_994)  # the last two
    page = tickets.browse(cheap, 1, None, NOON)
    assert (page.tickets, page.after) == ([], "2026-07-07T12:00:00.000Z#n05")
    assert [ticket.id for ticket in tickets.browse(cheap, 1, page.after, NOON).tickets] == ids[6:7]
    offer(tickets, replace(TICKET, id="now", price=50, starts_at=NOON + MINUTE))
    page = tickets.browse(cheap, 1, None, NOON)
    assert (page.tickets, page.after) == ([tickets.find("now")], "2026-07-06T12:00:00.000Z#n04")
    monkeypatch.setattr(repository, "MOST_QUERIES", 3)
    offer(tickets, replace(TICKET, id="soon", price=50, starts_at=NOON + 2 * MINUTE))
    page = tickets.browse(cheap, 2, None, NOON)
    assert [ticket.id for ticket in page.tickets] == ["now", "soon"]


def test_what_cannot_be_is_not_looked_for(memory: Memory, tickets: TicketTable) -> None:
    for wish in (
        Wish(sort=Sort.SOONEST, words=()),
        Wish(sort=Sort.NEWEST, earliest=NOON + 2 * DAY, latest=NOON + DAY),
    ):
        page = tickets.browse(wish, 5, None, NOON)
        assert (page.tickets, page.after) == ([], None)
    assert memory.asked == []


@pytest.mark.parametrize("sort", Sort)
def test_words_find_what_can_be_bought_in_every_order(
    memory: Memory, tickets: TicketTable, sort: Sort
) -> None:
    ids = shelf_of(tickets, 6)
    sold = tickets.find("n02")
    assert sold
    tickets.restock(sold.restocked(Inventory(sold=3, version=1)), NOON)
    offer(tickets, replace(TICKET, id="other", title="Quiet Evening"))
    ordered = [id for id in (ids if sort is Sort.SOONEST else ids[::-1]) if id != "n02"]
    wish = Wish(sort=sort, words=("marb", "arcade"))
    assert pages(tickets, wish, 9) == [ordered]
    assert pages(tickets, wish, 2) == [ordered[:2], ordered[2:4], ordered[4:]]
    assert tickets.browse(wish, 9, None, NOON).tickets[0] == tickets.find(ordered[0])
    assert pages(tickets, Wish(sort=sort, words=("nothing",)), 9) == [[]]


def test_a_search_reads_no_more_than_it_may_and_goes_on(
    memory: Memory, tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MOST_READS", 2)
    ids = shelf_of(tickets, 6)
    for id in ids[:5]:
        sold = tickets.find(id)
        assert sold
        tickets.restock(sold.restocked(Inventory(sold=3, version=1)), NOON)
    memory.asked.clear()
    wish = Wish(sort=Sort.SOONEST, words=("marble",))
    page = tickets.browse(wish, 1, None, NOON)
    assert (page.tickets, page.after) == ([], "2026-07-05T12:00:00.000Z#n03")
    keys = [asked["RequestItems"]["tickets"]["Keys"] for op, asked in memory.asked if op == "BatchGetItem"]
    assert [len(each) for each in keys] == [2, 2]
    assert [ticket.id for ticket in tickets.browse(wish, 1, page.after, NOON).tickets] == ["n05"]
    monkeypatch.setattr(repository, "MOST_READS", 3)
    page = tickets.browse(wish, 1, None, NOON)
    assert ([ticket.id for ticket in page.tickets], page.after) == (["n05"], None)
    monkeypatch.setattr(repository, "BATCH", 3)
    memory.asked.clear()
    tickets.browse(wish, 9, None, NOON)
    keys = [asked["RequestItems"]["tickets"]["Keys"] for op, asked in memory.asked if op == "BatchGetItem"]
    assert [len(each) for each in keys] == [3, 3]


def test_a_search_whose_answer_comes_in_parts_puts_them_together(
    memory: Memory, tickets: TicketTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelf_of(tickets, 6)
    whole = memory.call

    def short(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        return whole(operation, {**asked, "Limit": 2} if operation == "Query" else asked)

    monkeypatch.setattr(memory, "call", short)
    wish = Wish(sort=Sort.SOONEST, words=("marble",))
    assert pages(tickets, wish, 9) == [ids]
    monkeypatch.setattr(repository, "MOST_WORD_QUERIES", 2)
    assert pages(tickets, wish, 9) == [ids[:4]]


def test_what_was_left_out_of_a_batch_is_asked_for_again(
    memory: Memory, tickets: TicketTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelf_of(tickets, 3)
    monkeypatch.setattr(memory, "call", in_parts(memory.call, 2))
    assert [ticket.id for ticket in tickets.of_seller("maren", 9, None).tickets] == ids[::-1]
    assert len(still_clock.slept) == 2


def test_a_batch_that_is_never_answered_asks_for_patience(
    memory: Memory, tickets: TicketTable, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf_of(tickets, 3)
    monkeypatch.setattr(memory, "call", unanswered(memory.call))
    with pytest.raises(Unavailable, match=r"^We are busier than usual; try again in a moment\.$"):
        tickets.of_seller("maren", 9, None)


def test_a_ticket_that_is_gone_is_left_out(memory: Memory, tickets: TicketTable, listed: Ticket) -> None:
    memory.delete("tickets", pk="TICKET#t1", sk="TICKET")
    assert tickets.browse(Wish(sort=Sort.SOONEST, words=("marble",)), 9, None, NOON).tickets == []
