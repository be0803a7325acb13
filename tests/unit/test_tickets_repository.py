"""What tickets stores in its table, row by row, and which writes it refuses."""

from dataclasses import replace
from unittest.mock import ANY

import botocore.exceptions
import pytest
from tickets.model import Inventory, Ticket
from tickets.repository import TicketTable
from tiketz_common.errors import Unavailable
from tiketz_common.retry import Contended

from tests.factories import DAY, MINUTE, NOON
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_faults import cancelling
from tests.fakes.in_memory_tables import InMemoryTables
from tests.unit.conftest import StillClock
from tests.unit.ticket_rows import (
    BARE,
    FACTS,
    OTHER_WORDS,
    SHELVES,
    TICKET,
    TICKET_ROW,
    offer,
    row,
    save,
    word_row,
    words,
)


def test_a_listing_is_written_with_its_event_and_its_words(memory: InMemoryTables, listed: Ticket) -> None:
    rows = memory.rows("tickets")
    assert rows.pop("TICKET#t1 TICKET") == TICKET_ROW
    assert rows == {
        f"WORD#{word[0]} {word}#t1": word_row(word) for word in ("marble", "arcade", *OTHER_WORDS)
    }
    event = {"id": ANY, "type": "TicketCreated", "time": "2026-07-01T12:00:00.000Z", "correlationId": "c1"}
    assert row(memory)["event"] == event
    assert memory.operations() == ["TransactWriteItems"]


def test_a_listing_is_read_as_it_was_written_last(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    assert tickets.find("t1") == TICKET
    assert tickets.find("t2") is None
    offer(tickets, BARE)
    assert tickets.find("t2") == BARE
    reads = [params for operation, params in memory.calls if operation == "GetItem"]
    assert {(params["ConsistentRead"], params["ProjectionExpression"]) for params in reads} == {
        (True, "ticket, held, sold, inventoryVersion, fileUnits, filesVersion")
    }


def test_a_listing_with_few_fields_has_few_keys(memory: InMemoryTables, tickets: TicketTable) -> None:
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


def test_a_listing_is_added_once(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket, still_clock: StillClock
) -> None:
    before = memory.rows("tickets")
    with pytest.raises(Unavailable):
        offer(tickets, replace(TICKET, title="Another"))
    assert memory.rows("tickets") == before


def test_an_edit_writes_the_words_that_differ(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    edited = replace(TICKET, title="Marble Halls", version=2)
    memory.calls.clear()
    save(tickets, TICKET, edited)
    assert words(memory) == {f"{word}#t1" for word in ("marble", "halls", *OTHER_WORDS)}
    assert {each["words"] for key, each in memory.rows("tickets").items() if "WORD" in key} == {
        " ".join(("", "marble", "halls", *OTHER_WORDS))
    }
    assert row(memory) == {**TICKET_ROW, "ticket": {**FACTS, "title": "Marble Halls", "version": 2}}
    event = row(memory)["event"]
    assert (event["type"], event["time"]) == ("TicketUpdated", "2026-07-01T12:01:00.000Z")
    [(operation, params)] = memory.calls
    assert (operation, len(params["TransactItems"])) == ("TransactWriteItems", 12)  # "arcade" goes


def test_an_edit_without_new_words_writes_no_word_rows(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    memory.calls.clear()
    save(tickets, TICKET, replace(TICKET, quantity=4, version=2))
    [(_, params)] = memory.calls
    assert len(params["TransactItems"]) == 1


def test_a_withdrawn_listing_is_found_only_by_its_id(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    save(tickets, TICKET, TICKET.withdrawn())
    assert words(memory) == set()
    assert tickets.find("t1") == TICKET.withdrawn()
    assert row(memory).keys() & SHELVES.keys() == set()


@pytest.mark.parametrize(
    "before", [replace(TICKET, version=2), replace(TICKET, inventory=Inventory(version=1))]
)
def test_an_edit_of_a_stale_ticket_is_contended(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket, before: Ticket
) -> None:
    rows = memory.rows("tickets")
    with pytest.raises(Contended):
        save(tickets, before, replace(before, title="Late", version=before.version + 1))
    assert memory.rows("tickets") == rows


def test_an_inventory_is_stored_without_an_event(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    event = row(memory)["event"]
    tickets.apply_inventory(TICKET.with_inventory(Inventory(held=2, sold=0, version=4)), NOON)
    assert row(memory) == {**TICKET_ROW, "held": 2, "inventoryVersion": 4, "silent": True, "event": event}
    tickets.apply_inventory(TICKET.with_inventory(Inventory(held=1, sold=2, version=5)), NOON)
    taken = {**TICKET_ROW, "held": 1, "sold": 2, "inventoryVersion": 5, "silent": True}
    assert row(memory) == {name: value for name, value in taken.items() if name not in SHELVES}
    assert tickets.find("t1") == TICKET.with_inventory(Inventory(held=1, sold=2, version=5))
    tickets.apply_inventory(TICKET.with_inventory(Inventory(held=0, sold=2, version=6)), NOON)
    assert row(memory) == {**taken, "held": 0, "inventoryVersion": 6}
    save(tickets, TICKET.with_inventory(Inventory(sold=2, version=6)), replace(TICKET, version=2))
    assert "silent" not in row(memory)


def test_an_inventory_of_a_stale_ticket_is_contended(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    tickets.apply_inventory(TICKET.with_inventory(Inventory(held=1, version=4)), NOON)
    before = memory.rows("tickets")
    for stale in (
        replace(TICKET, inventory=Inventory(held=3, version=4)),
        replace(TICKET, inventory=Inventory(held=3, version=5), version=2),
    ):
        with pytest.raises(Contended):
            tickets.apply_inventory(stale, NOON)
    assert memory.rows("tickets") == before


def test_started_events_leave_the_lists(memory: InMemoryTables, tickets: TicketTable, listed: Ticket) -> None:
    offer(tickets, replace(TICKET, id="t3", starts_at=NOON + 2 * DAY), replace(TICKET, id="t0"), BARE)
    assert tickets.started(NOON + DAY - MINUTE, 9) == []
    assert tickets.started(NOON + DAY, 9) == ["t0", "t1"]
    assert tickets.started(NOON + 3 * DAY, 9) == ["t0", "t1", "t3"]
    assert tickets.started(NOON + 3 * DAY, 2) == ["t0", "t1"]
    tickets.unlist("t1", NOON + DAY)
    assert row(memory) == {
        **{name: value for name, value in TICKET_ROW.items() if name not in SHELVES},
        "silent": True,
    }
    assert tickets.started(NOON + DAY, 9) == ["t0"]


def test_a_postponed_event_stays_in_the_lists(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    with pytest.raises(Contended):
        tickets.unlist("t1", NOON + DAY - MINUTE)
    assert row(memory) == TICKET_ROW


@pytest.mark.parametrize(
    "reason",
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "ConditionalCheckFailed"],
)
def test_a_cancelled_edit_is_contended(tickets: TicketTable, listed: Ticket, reason: str) -> None:
    with cancelling(reason, 1), pytest.raises(Contended):
        save(tickets, listed, replace(listed, price=5000, version=2))


def test_a_contended_listing_is_written_again(tickets: TicketTable, still_clock: StillClock) -> None:
    with cancelling("TransactionConflict", 2):
        offer(tickets, TICKET)
    assert tickets.find("t1") == TICKET


def test_a_blocked_seller_is_stored_once_for_forty_days(memory: InMemoryTables, tickets: TicketTable) -> None:
    assert [tickets.block_seller("maren", NOON + days * DAY) for days in (0, 1)] == [NOON, NOON]
    forget_at = int((NOON + 40 * DAY).timestamp())
    row = {"pk": "GONE#maren", "sk": "GONE", "since": "2026-07-01T12:00:00.000Z", "forgetAt": forget_at}
    assert memory.rows("tickets") == {"GONE#maren GONE": row}
    assert [params["ConsistentRead"] for name, params in memory.calls if name == "GetItem"] == [True, True]


def test_a_transaction_that_is_wrong_fails(tickets: TicketTable) -> None:
    with (
        cancelling("ValidationError", 1),
        pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"),
    ):
        offer(tickets, TICKET)


def test_a_conflicting_update_is_contended(
    memory: InMemoryTables, tickets: TicketTable, listed: Ticket
) -> None:
    memory.errors = [AwsError("TransactionConflictException")]
    with pytest.raises(Contended):
        tickets.apply_inventory(TICKET.with_inventory(Inventory(held=1, version=4)), NOON)
