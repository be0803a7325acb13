"""Listings that are handed over as files: events of delivery, each twice and out of order."""

from typing import Any

import pytest

from tests.support.handlers import sqs_record
from tests.support.tickets_service import TicketsService


@pytest.fixture
def filed(tickets: TicketsService) -> Any:
    """A listing of two units that are files."""
    return tickets.list(quantity=2, delivery="file", faceValue=4000)


def add_files(tickets: TicketsService, ticket: Any, units: int, version: int) -> None:
    data = {"ticketId": ticket["id"], "units": units, "version": version}
    for _ in range(2):
        assert tickets.consume(sqs_record("UnitsChanged", data)) == []


def titles(tickets: TicketsService) -> list[str]:
    return [each["title"] for each in tickets.request("GET", "/api/tickets").json]


def test_a_listing_is_for_sale_by_itself_once_its_files_are_complete(
    tickets: TicketsService, filed: Any
) -> None:
    assert (filed["status"], filed["delivery"], filed["faceValue"]) == ("draft", "file", 4000)
    assert titles(tickets) == []
    add_files(tickets, filed, 1, 1)
    assert (tickets.show(filed)["status"], tickets.show(filed)["version"]) == ("draft", 1)
    add_files(tickets, filed, 2, 2)
    assert (tickets.show(filed)["status"], tickets.show(filed)["version"]) == ("available", 2)
    assert titles(tickets) == ["Marble Arcade"]
    add_files(tickets, filed, 1, 1)
    assert tickets.show(filed)["status"] == "available"
    add_files(tickets, filed, 1, 3)
    assert (tickets.show(filed)["status"], titles(tickets)) == ("draft", [])


def test_becoming_a_draft_or_none_is_published(tickets: TicketsService, filed: Any) -> None:
    add_files(tickets, filed, 1, 1)
    add_files(tickets, filed, 2, 2)
    row = tickets.row(f"TICKET#{filed['id']}")
    assert (row["event"]["type"], row["ticket"]["version"], row["fileUnits"]) == ("TicketUpdated", 2, 2)


def test_an_edit_keeps_the_files(tickets: TicketsService, filed: Any) -> None:
    add_files(tickets, filed, 2, 1)
    edited = tickets.edit(filed, quantity=3).json
    assert (edited["status"], edited["version"]) == ("draft", 3)
    add_files(tickets, filed, 3, 2)
    assert tickets.show(filed)["status"] == "available"


def test_files_of_an_unknown_ticket_are_acknowledged(tickets: TicketsService) -> None:
    add_files(tickets, {"id": "t9"}, 1, 1)


@pytest.mark.parametrize("wrong", [{"delivery": "post"}, {"faceValue": -1}, {"faceValue": 10_000_000}])
def test_what_is_not_valid_is_refused(tickets: TicketsService, wrong: dict[str, Any]) -> None:
    refusal = tickets.request("POST", "/api/tickets", {"title": "x", "price": 50, **wrong}, user="maren")
    assert (refusal.status, refusal.json["errors"][0]["field"]) == (400, next(iter(wrong)))


def test_a_stage_without_delivery_lists_no_files(tickets: TicketsService) -> None:
    tickets.env |= {"FILE_DELIVERY": "off", "MAX_MARKUP_PERCENT": "10"}
    body = {"title": "x", "price": 4400, "faceValue": 4000}
    refusal = tickets.request("POST", "/api/tickets", {**body, "delivery": "file"}, user="maren")
    assert (refusal.status, refusal.json["code"]) == (400, "file_delivery_off")
    assert tickets.request("POST", "/api/tickets", body, user="maren").status == 201
    dearer = tickets.request("POST", "/api/tickets", {**body, "price": 4401}, user="maren")
    assert (dearer.status, dearer.json["code"]) == (400, "price_too_high")
