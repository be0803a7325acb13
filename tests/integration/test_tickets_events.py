"""What tickets publishes and consumes: each event twice, and out of order."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from tickets import service
from tickets.catalogue import Page
from tickets.repository import TicketTable
from tiketz_common import retry
from tiketz_common.rows import pack

from tests.factories import MIN_PRICES, NOON, listing_body
from tests.fakes.dynamodb_faults import cancelling
from tests.support.handlers import LambdaContext, sqs_record
from tests.support.tickets_service import TicketsService, stock_data


def test_each_edit_leaves_its_event_on_the_row(tickets: TicketsService) -> None:
    ticket = tickets.request("POST", "/api/tickets", listing_body(), user="maren").json
    assert tickets.event(ticket) == ("TicketCreated", ticket)
    edited = tickets.edit(ticket, price=5000, venue=None).json
    assert tickets.event(ticket) == ("TicketUpdated", edited)
    tickets.withdraw(ticket)
    assert tickets.event(ticket) == ("TicketWithdrawn", tickets.show(ticket))


def test_an_inventory_changes_neither_version_nor_event(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=3)
    before = tickets.ticket_row(ticket)
    tickets.stock(ticket, 2, held=2, sold=1, quantity=3)
    after = tickets.ticket_row(ticket)
    assert (after["event"], after["ticket"]) == (before["event"], before["ticket"])
    assert (after["held"], after["sold"], after["inventoryVersion"]) == (2, 1, 2)


def test_a_listing_follows_its_inventory(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=3)
    for version, (held, sold), (available, status) in (
        (2, (1, 0), (2, "available")),
        (3, (3, 0), (0, "reserved")),
        (4, (2, 1), (0, "reserved")),
        (5, (0, 3), (0, "sold")),
        (6, (0, 2), (1, "available")),
    ):
        for _ in range(2):
            tickets.stock(ticket, version, held=held, sold=sold, quantity=3)
            shown = tickets.show(ticket)
            assert (shown["available"], shown["status"]) == (available, status)
            assert shown["version"] == 1
            listed = [shown] if available else []
            assert tickets.browse() == tickets.browse(q="marble") == listed


def test_an_older_inventory_is_acknowledged_and_ignored(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=3)
    tickets.stock(ticket, 9, held=3, quantity=3)
    for old in (2, 8, 9):
        tickets.stock(ticket, old, quantity=3)
    assert tickets.show(ticket)["status"] == "reserved"
    assert tickets.browse() == []


def test_a_batch_in_any_order_ends_with_the_latest(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=3)
    batch = [
        sqs_record("InventoryChanged", stock_data(ticket, version, held=version % 4))
        for version in (5, 2, 7, 3, 6)
    ]
    assert tickets.consume(*batch, *batch[::-1]) == []
    assert tickets.show(ticket)["available"] == 0


def test_an_edited_quantity_is_not_undone_by_an_old_inventory(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=1)
    tickets.edit(ticket, quantity=5)
    tickets.stock(ticket, 2, held=1, quantity=1)  # published before orders received the edit
    assert tickets.show(ticket)["available"] == 4
    assert len(tickets.browse()) == 1
    tickets.edit(ticket, quantity=2)
    tickets.stock(ticket, 3, held=4, quantity=5)  # orders sold more than is left
    assert (tickets.show(ticket)["available"], tickets.show(ticket)["status"]) == (0, "reserved")


def test_a_withdrawn_listing_stays_out_of_the_lists(tickets: TicketsService) -> None:
    ticket = tickets.list(city="Ghent")
    tickets.withdraw(ticket)
    tickets.stock(ticket, 2, held=1)  # an order placed before the withdrawal arrived
    tickets.stock(ticket, 3)
    assert tickets.show(ticket)["status"] == "withdrawn"
    assert tickets.browse() == tickets.browse(city="ghent") == []


def test_units_of_a_past_event_stay_out_of_the_lists(tickets: TicketsService) -> None:
    ticket = tickets.list(startsAt="2026-07-02T12:00:00Z")
    tickets.stock(ticket, 2, held=1)
    tickets.now = NOON + timedelta(days=2)
    tickets.stock(ticket, 3)
    assert "shelf" not in tickets.ticket_row(ticket)


def test_the_inventory_of_an_unknown_ticket_is_acknowledged(tickets: TicketsService) -> None:
    tickets.stock({"id": "unknown"}, 2)
    assert tickets.rows() == []


def test_unknown_fields_of_a_message_are_ignored(tickets: TicketsService) -> None:
    ticket = tickets.list()
    assert (
        tickets.consume(sqs_record("InventoryChanged", stock_data(ticket, 2, held=1) | {"new": True})) == []
    )
    assert tickets.show(ticket)["status"] == "reserved"


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any], *, times: int = 1) -> None:
    """Runs something between the next reads of a ticket and the writes that follow them."""
    find, left = TicketTable.find, [happens] * times

    def interrupted(self: TicketTable, ticket_id: str) -> Any:
        stored = find(self, ticket_id)
        if left:
            happening = left.pop()
            monkeypatch.setattr(TicketTable, "find", find)
            happening()
            monkeypatch.setattr(TicketTable, "find", interrupted)
        return stored

    monkeypatch.setattr(TicketTable, "find", interrupted)


def edit_elsewhere(tickets: TicketsService, ticket: Any, **changes: Any) -> None:
    """An edit in another process: Powertools' resolver keeps one request per process."""
    table = TicketTable("tickets")
    service.edit_ticket(
        ticket["id"], "maren", changes, lambda _: True, MIN_PRICES, tickets=table, now=tickets.now
    )


def test_a_concurrent_reservation_refuses_the_edit(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list()
    meanwhile(monkeypatch, lambda: tickets.stock(ticket, 2, held=1))
    assert tickets.edit(ticket, price=5000).status == 409
    assert tickets.show(ticket) == ticket | {"available": 0, "status": "reserved"}


def test_a_concurrent_reservation_refuses_the_withdrawal(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list(quantity=2)
    meanwhile(monkeypatch, lambda: tickets.stock(ticket, 2, held=1, quantity=2))
    assert tickets.withdraw(ticket).status == 409


def test_a_concurrent_inventory_is_kept_by_the_edit(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list(quantity=3)
    meanwhile(monkeypatch, lambda: tickets.stock(ticket, 2, held=1, quantity=3))
    assert tickets.edit(ticket, quantity=2).json["available"] == 1


def test_a_concurrent_edit_is_kept_by_the_inventory(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list(quantity=2)
    meanwhile(monkeypatch, lambda: tickets.edit(ticket, quantity=1, price=5000))
    tickets.stock(ticket, 2, held=1, quantity=2)
    shown = tickets.show(ticket)
    assert (shown["price"], shown["available"], shown["status"]) == (5000, 0, "reserved")
    assert tickets.browse() == []


def test_two_concurrent_edits_are_both_made_without_if_match(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list()
    meanwhile(monkeypatch, lambda: edit_elsewhere(tickets, ticket, price=5000))
    assert tickets.edit(ticket, title="Marble Yard").json["price"] == 5000
    meanwhile(monkeypatch, lambda: edit_elsewhere(tickets, ticket, price=6000))
    assert tickets.edit(ticket, title="Marble Lane", if_match='"3"').status == 412
    assert tickets.titles() == tickets.titles(q="yard") == ["Marble Yard"]


def test_a_concurrent_newer_inventory_wins(tickets: TicketsService, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = tickets.list()
    meanwhile(monkeypatch, lambda: tickets.stock(ticket, 3, sold=1))
    tickets.stock(ticket, 2, held=1)
    assert tickets.show(ticket)["status"] == "sold"


def test_a_ticket_that_stays_contended_fails_the_message(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "attempts", lambda: range(2))
    ticket = tickets.list(quantity=9)
    versions = iter(range(2, 99))
    meanwhile(monkeypatch, lambda: tickets.stock(ticket, next(versions), quantity=9), times=2)
    busy = tickets.edit(ticket, price=5000)
    assert (busy.status, busy.headers["retry-after"]) == (503, "1")
    assert tickets.edit(ticket, price=5000).status == 200


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_contended_listing_is_created_once(tickets: TicketsService, reason: str) -> None:
    with cancelling(reason, times=1):
        listed = tickets.list()
    assert tickets.browse() == [listed]
    with cancelling(reason, times=1):
        assert tickets.edit(listed, price=5000).status == 200


def record(new: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, Any]:
    """A change of a row as the table's stream has it."""
    images = {"NewImage": pack(new), **({"OldImage": pack(old)} if old else {})}
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", **images}}


def test_the_relay_publishes_a_sellers_changes_and_nothing_else(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list()
    made = tickets.ticket_row(ticket)
    words = [row for row in tickets.rows() if row["pk"].startswith("WORD#")]
    tickets.stock(ticket, 2)
    stocked = tickets.ticket_row(ticket)
    tickets.edit(ticket, price=5000)
    edited = tickets.ticket_row(ticket)
    bus, queue = boto3.client("events"), boto3.client("sqs")
    inbox = queue.create_queue(QueueName="published")["QueueUrl"]
    arn = queue.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus.put_rule(Name="all", EventPattern=json.dumps({"source": ["tiketz.tickets"]}))
    bus.put_targets(Rule="all", Targets=[{"Id": "published", "Arn": arn}])
    records = [record(made), *map(record, words), record(stocked, made), record(edited, stocked)]
    relay = tickets.function("relay").handler
    assert relay({"Records": records}, LambdaContext()) == {"batchItemFailures": []}
    messages = queue.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10)["Messages"]
    bodies = [json.loads(each["Body"]) for each in messages]
    published = [(each["detail-type"], each["detail"]["data"]["version"]) for each in bodies]
    assert sorted(published) == [("TicketCreated", 1), ("TicketUpdated", 2)]


def test_a_started_event_leaves_the_lists_until_it_is_moved(tickets: TicketsService) -> None:
    soon = tickets.list("Soon", startsAt="2026-07-02T12:00:00Z", city="Ghent", category="Music")
    later = tickets.list("Later", startsAt="2026-07-09T12:00:00Z")
    undated = tickets.list("Any day")
    before = {ticket["id"]: tickets.ticket_row(ticket) for ticket in (soon, later, undated)}
    tickets.sweep()
    assert {ticket["id"]: tickets.ticket_row(ticket) for ticket in (soon, later, undated)} == before
    tickets.now = NOON + timedelta(days=1)
    for _ in range(2):
        tickets.sweep()
        shelves = {"shelf", "cityShelf", "categoryShelf"}
        assert set(before[soon["id"]]) - set(tickets.ticket_row(soon)) == shelves
        assert [tickets.ticket_row(ticket) for ticket in (later, undated)] == [
            before[ticket["id"]] for ticket in (later, undated)
        ]
    tickets.edit(soon, startsAt="2026-07-05T12:00:00Z")
    assert tickets.titles() == ["Soon", "Later", "Any day"]
    assert tickets.titles(city="ghent") == tickets.titles(category="music") == ["Soon"]


def delete_account(tickets: TicketsService, seller: str) -> None:
    """Sends UserDeleted until all is done, each time two seconds after the one before."""
    message = sqs_record("UserDeleted", {"userId": seller})
    for _ in range(10):
        if tickets.consume(message) == []:
            return
        tickets.now += timedelta(seconds=2)
    pytest.fail("it is never done")


def test_a_deleted_account_withdraws_its_listings(tickets: TicketsService) -> None:
    free, held, sold = (tickets.list(title, quantity=2) for title in ("Free", "Held", "Sold"))
    others = tickets.list("Somebody else's", by="ben")
    tickets.stock(held, 1, held=1, quantity=2)
    tickets.stock(sold, 1, sold=2, quantity=2)
    delete_account(tickets, "maren")
    assert tickets.titles() == ["Somebody else's"]
    for each in (free, held, sold):
        assert tickets.show(each)["status"] == "withdrawn"
        assert tickets.event(each)[0] == "TicketWithdrawn"
    assert tickets.show(others)["status"] == "available"


def test_a_deleted_account_lists_nothing_more(tickets: TicketsService) -> None:
    delete_account(tickets, "maren")
    offer = {"title": "Marble Arcade", "price": 4860}
    refused = tickets.request("POST", "/api/tickets", offer, user="maren")
    assert (refused.status, refused.json["detail"]) == (401, "This account was deleted.")
    assert tickets.titles() == []
    assert tickets.list(by="ben")["sellerId"] == "ben"


def test_a_listing_during_the_deletion_is_refused_or_withdrawn(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index of sellers lacks it when the account is deleted."""
    of_seller = TicketTable.of_seller
    listing = tickets.list()
    monkeypatch.setattr(TicketTable, "of_seller", lambda *_: Page([], None))
    message = sqs_record("UserDeleted", {"userId": "maren"})
    assert tickets.consume(message) == [message["messageId"]]
    assert tickets.titles() == ["Marble Arcade"]
    monkeypatch.setattr(TicketTable, "of_seller", of_seller)
    tickets.now += timedelta(seconds=2)
    assert tickets.consume(message) == []
    assert tickets.show(listing)["status"] == "withdrawn"


def test_all_pages_of_listings_are_withdrawn_once(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.service.WITHDRAWN_AT_ONCE", 2)
    listed = [tickets.list(f"Evening {number}") for number in range(5)]
    for _ in range(2):
        delete_account(tickets, "maren")
        assert [tickets.show(each)["version"] for each in listed] == [2] * 5
    assert tickets.titles() == []


def test_listings_beyond_the_time_limit_are_withdrawn_later(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.service.WITHDRAWING_SECONDS", 0)
    listed = [tickets.list(f"Evening {number}") for number in range(3)]
    message, free = sqs_record("UserDeleted", {"userId": "maren"}), []
    for _ in range(3):
        tickets.now += timedelta(seconds=2)
        assert tickets.consume(message) == [message["messageId"]]
        free.append([tickets.show(each)["status"] for each in listed].count("available"))
    assert free == [2, 1, 0]
    assert tickets.consume(message) == []


def test_a_seller_without_listings_is_no_failure(
    tickets: TicketsService, caplog: pytest.LogCaptureFixture
) -> None:
    delete_account(tickets, "maren")
    assert [each.message for each in caplog.records] == ["message not done yet", "handled"]


def test_units_held_when_the_account_was_deleted_can_be_sold(tickets: TicketsService) -> None:
    ticket = tickets.list()
    tickets.stock(ticket, 1, held=1)
    delete_account(tickets, "maren")
    tickets.stock(ticket, 2, sold=1)
    assert tickets.ticket_row(ticket)["sold"] == 1
