"""The tickets service behind its doors, with a clock that stands still."""

import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from tiketz_common import clock
from tiketz_common.rows import pack

from tests.support.doors import Answer, Context, message

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
CONCERT = {
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 2,
    "startsAt": "2026-12-04T19:00:00Z",
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "category": "Music",
    "description": "Row 4.\nTwo seats.",
}


class Tickets:
    """A tickets service at noon with nothing for sale. Maren sells, ben does too."""

    def __init__(self, doors: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.call, self.tell, self.rows = doors.call, doors.tell, doors.rows
        self.door, self.api = doors.door, doors.api

    def list(self, title: str = "Marble Arcade", price: int = 4860, *, by: str = "maren", **more: Any) -> Any:
        """Put a ticket up for sale; each a second later than the one before."""
        self.now += timedelta(seconds=1)
        made = self.call("POST", "/api/tickets", {"title": title, "price": price, **more}, user=by)
        assert made.status == 201, made.text
        return made.json

    def edit(self, ticket: Any, *, by: str = "maren", if_match: str | None = None, **changes: Any) -> Answer:
        headers = {"If-Match": if_match} if if_match is not None else {}
        return self.call("PUT", f"/api/tickets/{ticket['id']}", changes, user=by, headers=headers)

    def withdraw(self, ticket: Any, *, by: str = "maren") -> Answer:
        return self.call("DELETE", f"/api/tickets/{ticket['id']}", user=by)

    def show(self, ticket: Any) -> Any:
        return self.call("GET", f"/api/tickets/{ticket['id']}").json

    def stock(self, ticket: Any, version: int, *, held: int = 0, sold: int = 0, quantity: int = 1) -> None:
        """Hear from orders where the ticket's units are."""
        assert self.tell(message("InventoryChanged", inventory(ticket, version, held, sold, quantity))) == []

    def sweep(self) -> None:
        self.door("sweeper").handler({"id": "tick"}, Context())

    def browse(self, **asked: Any) -> Any:
        """The first page of what is for sale (`from_` stands for `from`)."""
        answer = self.call("GET", "/api/tickets", query=urlencode(_plain(asked)))
        assert answer.status == 200, answer.text
        return answer.json

    def titles(self, **asked: Any) -> Any:
        return [ticket["title"] for ticket in self.browse(**asked)]

    def pages(self, path: str = "/api/tickets", *, user: str | None = None, **asked: Any) -> Any:
        """Every page of a list, as far as its links lead."""
        found, query = [], urlencode(_plain(asked))
        while query is not None:
            answer = self.call("GET", path, query=query, user=user)
            assert answer.status == 200, answer.text
            found.append(answer.json)
            query = next_query(answer)
            assert len(found) < 200, "the links lead nowhere"
        return found

    def row(self, ticket: Any) -> Any:
        [row] = [row for row in self.rows() if row["pk"] == f"TICKET#{ticket['id']}"]
        return row

    def word_rows(self, ticket: Any) -> Any:
        """The word rows that name a ticket, by word."""
        found = [row["sk"].rpartition("#") for row in self.rows() if row["pk"].startswith("WORD#")]
        return sorted(word for word, _, id in found if id == ticket["id"])

    def event(self, ticket: Any) -> Any:
        """The type and the data of what the relay makes of the ticket's row."""
        told = self.door("relay").entry({"dynamodb": {"NewImage": pack(self.row(ticket))}})
        assert json.loads(told["Detail"])["eventId"] == self.row(ticket)["event"]["id"]
        assert told["Source"] == "tiketz.tickets"
        return told["DetailType"], json.loads(told["Detail"])["data"]


def inventory(ticket: Any, version: int, held: int = 0, sold: int = 0, quantity: int = 1) -> dict[str, Any]:
    """InventoryChanged as orders sends it."""
    return {
        "ticketId": ticket["id"],
        "quantity": quantity,
        "available": quantity - held - sold,
        "held": held,
        "sold": sold,
        "inventoryVersion": version,
    }


def next_query(answer: Answer) -> str | None:
    """The query string that the answer's Link header leads to."""
    if "link" not in answer.headers:
        return None
    found = re.fullmatch(r'<([^?<>]+)\?([^<>]+)>; rel="next"', answer.headers["link"])
    assert found, answer.headers["link"]
    return found[2]


def _plain(asked: dict[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in asked.items()}
