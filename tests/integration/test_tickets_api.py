"""Selling through the tickets service's HTTP door."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tiketz_common import clock

from tests.integration.conftest import service

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
CONCERT = {
    "title": "Marble Arcade",
    "price": 4860,
    "quantity": 2,
    "startsAt": "2026-12-04T20:00:00+01:00",
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "category": "Music",
    "description": "Row 4.\nTwo seats.",
}


@pytest.fixture
def tickets(aws: None, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The tickets service at noon, with nothing for sale."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return service("tickets", monkeypatch)


def test_a_listing_is_answered_whole_and_readable_at_once(tickets: SimpleNamespace) -> None:
    made = tickets.call("POST", "/api/tickets", CONCERT, user="maren")
    assert made.status == 201
    assert made.json == {
        **CONCERT,
        "id": made.json["id"],
        "currency": "eur",
        "available": 2,
        "status": "available",
        "sellerId": "maren",
        "userId": "maren",
        "startsAt": "2026-12-04T19:00:00Z",
        "version": 1,
        "createdAt": "2026-07-01T12:00:00Z",
    }
    assert made.headers["location"] == f"/api/tickets/{made.json['id']}"
    shown = tickets.call("GET", made.headers["location"])
    assert (shown.status, shown.json) == (200, made.json)
    assert shown.headers["etag"] == 'W/"1"'
    for query in ("", "q=marb", "city=rotterdam", "sort=newest", "sort=cheapest&maxPrice=4860"):
        assert tickets.call("GET", "/api/tickets", query=query).json == [made.json], query
    assert tickets.call("GET", "/api/tickets/mine", user="maren").json == [made.json]
