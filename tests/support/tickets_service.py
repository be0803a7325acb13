"""The tickets service, with a clock that a test sets."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tiketz_common import clock

from tests.factories import NOON, inventory_data
from tests.support.handlers import HttpResponse, LambdaContext, sqs_record
from tests.support.service import Service


class TicketsService(Service):
    """A tickets service at noon without tickets. The users maren and ben sell."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__("tickets", monkeypatch, MIN_PRICE_EUR="50", MIN_PRICE_USD="100", MIN_PRICE_GBP="50")
        self.now = NOON
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def list(self, title: str = "Marble Arcade", price: int = 4860, *, by: str = "maren", **more: Any) -> Any:
        """List a ticket; each a second later than the one before."""
        self.now += timedelta(seconds=1)
        response = self.request("POST", "/api/tickets", {"title": title, "price": price, **more}, user=by)
        assert response.status == 201, response.text
        return response.json

    def edit(
        self, ticket: Any, *, by: str = "maren", if_match: str | None = None, **changes: Any
    ) -> HttpResponse:
        headers = {"If-Match": if_match} if if_match is not None else {}
        return self.request("PUT", f"/api/tickets/{ticket['id']}", changes, user=by, headers=headers)

    def withdraw(self, ticket: Any, *, by: str = "maren") -> HttpResponse:
        return self.request("DELETE", f"/api/tickets/{ticket['id']}", user=by)

    def show(self, ticket: Any) -> Any:
        return self.request("GET", f"/api/tickets/{ticket['id']}").json

    def stock(self, ticket: Any, version: int, *, held: int = 0, sold: int = 0, quantity: int = 1) -> None:
        """Consume InventoryChanged with these numbers."""
        inventory = stock_data(ticket, version, held, sold, quantity)
        assert self.consume(sqs_record("InventoryChanged", inventory)) == []

    def sweep(self) -> None:
        self.function("sweeper").handler({"id": "tick"}, LambdaContext())

    def browse(self, **params: Any) -> Any:
        """The first page of the tickets for sale (`from_` stands for `from`)."""
        response = self.request("GET", "/api/tickets", query=_query(params))
        assert response.status == 200, response.text
        return response.json

    def titles(self, **params: Any) -> Any:
        return [ticket["title"] for ticket in self.browse(**params)]

    def pages(self, path: str = "/api/tickets", *, user: str | None = None, **params: Any) -> Any:
        """Every page of a list, following its links."""
        pages: Any = []
        query: str | None = _query(params)
        while query is not None:
            response = self.request("GET", path, query=query, user=user)
            assert response.status == 200, response.text
            pages.append(response.json)
            query = next_query(response)
            assert len(pages) < 200, "the links never end"
        return pages

    def ticket_row(self, ticket: Any) -> Any:
        return self.row(f"TICKET#{ticket['id']}")

    def word_rows(self, ticket: Any) -> Any:
        """The words of the rows that index a ticket."""
        keys = [row["sk"].rpartition("#") for row in self.rows("WORD#")]
        return sorted(word for word, _, ticket_id in keys if ticket_id == ticket["id"])

    def event(self, ticket: Any) -> Any:
        """Type and data of the event that the relay publishes for the ticket's row."""
        row = self.ticket_row(ticket)
        entry = self.function("relay").to_event(row)
        assert json.loads(entry["Detail"])["eventId"] == row["event"]["id"]
        assert entry["Source"] == "tiketz.tickets"
        return entry["DetailType"], json.loads(entry["Detail"])["data"]


def stock_data(ticket: Any, version: int, held: int = 0, sold: int = 0, quantity: int = 1) -> dict[str, Any]:
    """The data of InventoryChanged."""
    return inventory_data(
        ticketId=ticket["id"],
        quantity=quantity,
        available=quantity - held - sold,
        held=held,
        sold=sold,
        inventoryVersion=version,
    )


def next_query(response: HttpResponse) -> str | None:
    """The query string of the response's `next` link."""
    if "link" not in response.headers:
        return None
    match = re.fullmatch(r'<([^?<>]+)\?([^<>]+)>; rel="next"', response.headers["link"])
    assert match, response.headers["link"]
    return match[2]


def _query(params: dict[str, Any]) -> str:
    return urlencode({name.rstrip("_"): value for name, value in params.items()})
