"""Selling through the tickets service's HTTP handler."""

from typing import Any

import pytest

from tests.factories import NOON, listing_body
from tests.support.tickets_service import TicketsService

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": "   \t "}, "title"),
    ({"title": "\u200b\u2060"}, "title"),
    *[({"title": each}, "title") for each in "\u3164\uffa0\u2800\ufe0f\u034f\u17b4\u0301"],
    ({"title": "Marble \u202ecadrA"}, "title"),
    ({"city": "\u202aRotterdam"}, "city"),
    ({"description": "Row\u202d 4"}, "description"),
    ({"title": "x" * 121}, "title"),
    ({"title": "Claim it at HTTPS://evil.example"}, "title"),
    ({"title": "WWW.evil.example"}, "title"),
    ({"title": "two\nlines"}, "title"),
    ({"title": "a\u0000b"}, "title"),
    ({"title": "a\u0085b"}, "title"),
    ({"title": "a\u2028b"}, "title"),
    ({"title": None}, "title"),
    ({"title": 7}, "title"),
    ({"title": ["Marble Arcade"]}, "title"),
    ({"price": 49}, "price"),
    ({"price": 10_000_000}, "price"),
    ({"price": -4860}, "price"),
    ({"price": 48.6}, "price"),
    ({"price": 4860.0}, "price"),
    ({"price": "4860"}, "price"),
    ({"price": True}, "price"),
    ({"price": None}, "price"),
    ({"price": 10**40}, "price"),
    ({"currency": "chf"}, "currency"),
    ({"currency": "EUR"}, "currency"),
    ({"currency": None}, "currency"),
    ({"quantity": 0}, "quantity"),
    ({"quantity": 10_001}, "quantity"),
    ({"quantity": "1"}, "quantity"),
    ({"quantity": 1.5}, "quantity"),
    ({"quantity": None}, "quantity"),
    ({"startsAt": "2026-07-01T12:00:00Z"}, "startsAt"),
    ({"startsAt": "2026-07-01T13:59:59+02:00"}, "startsAt"),
    ({"startsAt": "2026-12-04T19:00:00"}, "startsAt"),
    ({"startsAt": "2026-12-04"}, "startsAt"),
    ({"startsAt": "2026-13-04T19:00:00Z"}, "startsAt"),
    ({"startsAt": "9999-12-31T23:59:59-14:00"}, "startsAt"),
    ({"startsAt": "2026-12-04T19:00:00+99:99"}, "startsAt"),
    ({"startsAt": "٢٠٢٦-12-04T19:00:00Z"}, "startsAt"),
    ({"startsAt": 1_800_000_000}, "startsAt"),
    ({"startsAt": ""}, "startsAt"),
    ({"startsAt": "2036-07-02T12:00:01Z"}, "startsAt"),
    ({"timeZone": "Amsterdam"}, "timeZone"),
    ({"timeZone": "europe/amsterdam"}, "timeZone"),
    ({"timeZone": "../Europe/Amsterdam"}, "timeZone"),
    ({"timeZone": "Factory"}, "timeZone"),
    ({"timeZone": ""}, "timeZone"),
    ({"timeZone": 1}, "timeZone"),
    ({"venue": "x" * 121}, "venue"),
    ({"city": "Rotter\tdam"}, "city"),
    ({"category": {}}, "category"),
    ({"description": "x" * 4_001}, "description"),
    ({"description": "a\u001bb"}, "description"),
    ({"sellerId": "ben"}, "sellerId"),
    ({"userId": "ben"}, "userId"),
    ({"version": 7}, "version"),
    ({"status": "sold"}, "status"),
    ({"available": 5}, "available"),
    ({"held": 0}, "held"),
    ({"id": "mine"}, "id"),
    ({"createdAt": "2020-01-01T00:00:00Z"}, "createdAt"),
    ({"starts_at": "2026-12-04T19:00:00Z"}, "starts_at"),
    ({"event": {}}, "event"),
]


def test_a_new_listing_is_returned_whole_and_readable(tickets: TicketsService) -> None:
    made = tickets.request("POST", "/api/tickets", listing_body(), user="maren")
    assert made.status == 201
    assert made.json == {
        **listing_body(),
        "id": made.json["id"],
        "available": 2,
        "status": "available",
        "sellerId": "maren",
        "userId": "maren",
        "version": 1,
        "createdAt": "2026-07-01T12:00:00Z",
    }
    assert made.headers["location"] == f"/api/tickets/{made.json['id']}"
    shown = tickets.request("GET", made.headers["location"])
    assert (shown.status, shown.json) == (200, made.json)
    assert shown.headers["etag"] == made.headers["etag"] == 'W/"1"'
    assert tickets.browse() == tickets.browse(q="marble") == [made.json]


def test_a_title_and_a_price_are_enough(tickets: TicketsService) -> None:
    made = tickets.list("Marble Arcade", 50)
    empty = ("startsAt", "timeZone", "venue", "city", "category", "description")
    assert {name: made[name] for name in empty} == dict.fromkeys(empty)
    assert (made["currency"], made["quantity"], made["available"]) == ("eur", 1, 1)


def test_text_is_trimmed_and_blank_text_is_none(tickets: TicketsService) -> None:
    made = tickets.list("  Marble  Arcade\n", venue=" ", city=" Łódź ", description="\r\nRow\t4.\r\nTwo.\n")
    assert (made["title"], made["venue"], made["city"]) == ("Marble  Arcade", None, "Łódź")
    assert made["description"] == "Row\t4.\nTwo."


def test_the_longest_texts_fit(tickets: TicketsService) -> None:
    line = "\ufdfa" * 120  # one character that folds into eighteen
    made = tickets.list("😀" * 120, city=line, venue=line, category=line, description="x" * 4_000)
    assert tickets.show(made) == made
    assert tickets.browse(city=line, category=line) == [made]
    marks = tickets.list("Marks", city="\u0301", category="-")
    assert tickets.browse(city="\u0301", category="-") == [marks]


def test_a_time_is_returned_in_utc_to_the_millisecond(tickets: TicketsService) -> None:
    made = tickets.list(startsAt="2026-12-04t20:00:00.123999+01:00")
    assert made["startsAt"] == tickets.show(made)["startsAt"] == "2026-12-04T19:00:00.123000Z"


def test_an_invalid_field_is_refused_with_a_sentence(tickets: TicketsService) -> None:
    for wrong, field in WRONG:
        answer = tickets.request("POST", "/api/tickets", listing_body(**wrong), user="maren")
        assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (400, [field]), wrong
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["errors"][0]["message"].endswith((".", ")")), wrong
    assert tickets.rows() == []


def test_an_edit_refuses_the_same_fields(tickets: TicketsService) -> None:
    ticket = tickets.list()
    for wrong, field in WRONG:
        answer = tickets.edit(ticket, **wrong)
        assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (400, [field]), wrong
    assert tickets.show(ticket) == ticket


def test_a_listing_needs_a_title_and_a_price(tickets: TicketsService) -> None:
    answer = tickets.request("POST", "/api/tickets", {}, user="maren")
    assert [error["field"] for error in answer.json["errors"]] == ["title", "price"]


def test_listing_needs_a_session(tickets: TicketsService) -> None:
    ticket = tickets.list()
    path = f"/api/tickets/{ticket['id']}"
    for method, where, body in (
        ("POST", "/api/tickets", {}),
        ("POST", "/api/tickets", listing_body()),
        ("PUT", path, {"price": 5000}),
        ("PUT", "/api/tickets/unknown", {}),
        ("DELETE", path, None),
        ("GET", "/api/tickets/mine", None),
    ):
        assert tickets.request(method, where, body).status == 401, (method, where)
    assert tickets.show(ticket) == ticket


def test_an_unknown_ticket_has_a_retry_after(tickets: TicketsService) -> None:
    for method, body in (("GET", None), ("PUT", {"price": 5000}), ("DELETE", None)):
        answer = tickets.request(method, "/api/tickets/3a6f1d0e", body, user="maren")
        assert (answer.status, answer.headers["retry-after"]) == (404, "1")


def test_only_its_seller_changes_a_listing(tickets: TicketsService) -> None:
    ticket = tickets.list()
    assert tickets.edit(ticket, by="ben", price=5000).status == 403
    assert tickets.withdraw(ticket, by="ben").status == 403
    assert tickets.show(ticket) == ticket


def test_an_edit_changes_only_the_fields_it_has(tickets: TicketsService) -> None:
    ticket = tickets.list(
        **{name: listing_body()[name] for name in ("venue", "city", "startsAt", "quantity")}
    )
    edited = tickets.edit(ticket, price=5000, currency="gbp", category="Jazz")
    assert edited.status == 200
    assert edited.json == {**ticket, "price": 5000, "currency": "gbp", "category": "Jazz", "version": 2}
    assert edited.headers["etag"] == 'W/"2"'
    cleared = tickets.edit(ticket, city=None, startsAt=None, venue="", description=None)
    assert cleared.json == {**edited.json, "city": None, "startsAt": None, "venue": None, "version": 3}
    assert tickets.show(ticket) == cleared.json


def test_an_edit_without_changes_is_no_new_version(tickets: TicketsService) -> None:
    ticket = tickets.list(startsAt="2026-12-04T19:00:00Z")
    before = tickets.rows()
    assert tickets.edit(ticket).json == ticket
    assert tickets.edit(ticket, title=" Marble Arcade ", startsAt="2026-12-04T20:00:00+01:00").json == ticket
    assert tickets.rows() == before


def test_a_past_date_stays_but_is_not_chosen(tickets: TicketsService) -> None:
    ticket = tickets.list(startsAt="2026-07-02T12:00:00Z")
    tickets.now = NOON.replace(day=3)
    same = tickets.edit(ticket, title="Marble Arcade (moved)", startsAt="2026-07-02T12:00:00Z")
    assert same.status == 200
    refused = tickets.edit(ticket, startsAt="2026-07-02T13:00:00Z")
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "startsAt")
    assert tickets.edit(ticket, startsAt="2026-07-04T12:00:00Z").status == 200
    assert tickets.titles() == ["Marble Arcade (moved)"]


def test_an_edit_of_the_version_read_passes(tickets: TicketsService) -> None:
    ticket = tickets.list()
    for version, tags in enumerate(('"{}"', 'W/"{}"', '"70", W/"{}"', 'W/"70","{}"', "*"), start=1):
        edited = tickets.edit(ticket, if_match=tags.format(version), price=5000 + version)
        assert (edited.status, edited.json["version"]) == (200, version + 1), tags


def test_an_edit_of_another_version_is_refused(tickets: TicketsService) -> None:
    ticket = tickets.list()
    for tags in ('"2"', 'W/"0"', '"7", "8"', "1", '"1', '"*"', '"01"', ","):
        assert tickets.edit(ticket, if_match=tags, price=5000).status == 412, tags
    assert tickets.show(ticket) == ticket


def test_a_reserved_or_sold_listing_is_not_edited(tickets: TicketsService) -> None:
    ticket = tickets.list()
    tickets.stock(ticket, 2, held=1)
    assert tickets.show(ticket)["status"] == "reserved"
    assert tickets.edit(ticket, price=5000).status == 409
    assert tickets.withdraw(ticket).status == 409
    tickets.stock(ticket, 3, sold=1)
    assert tickets.show(ticket)["status"] == "sold"
    assert tickets.edit(ticket, price=5000).status == 409
    assert tickets.withdraw(ticket).status == 409
    tickets.stock(ticket, 4)
    assert tickets.edit(ticket, price=5000).json == {**ticket, "price": 5000, "version": 2}


def test_a_price_that_could_not_be_paid_is_not_listed(tickets: TicketsService) -> None:
    """Dollars cost at least one here: the minimum is a parameter of each currency."""
    body = {"title": "Marble Arcade", "price": 99, "currency": "usd"}
    refused = tickets.request("POST", "/api/tickets", body, user="maren")
    assert (refused.status, refused.json["code"]) == (400, "price_too_low")
    assert refused.json["errors"] == [{"message": "The price is at least 1.00 USD.", "field": "price"}]
    ticket = tickets.list(price=99)
    assert tickets.edit(ticket, currency="usd").json["code"] == "price_too_low"
    assert tickets.edit(ticket, currency="usd", price=100).status == 200


def test_a_listing_below_a_minimum_that_was_raised_can_be_edited(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = tickets.list(price=60)
    monkeypatch.setitem(tickets.api.min_prices, "eur", 100)
    assert tickets.edit(ticket, price=60, category="Comedy").status == 200
    assert tickets.edit(ticket, price=70).json["code"] == "price_too_low"


def test_a_partly_sold_listing_keeps_what_it_was_bought_by(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=2)
    tickets.stock(ticket, 2, sold=1, quantity=2)
    refused = tickets.edit(ticket, currency="gbp", title="Pub quiz")
    assert (refused.status, refused.json["errors"][0]["field"]) == (409, "title")
    assert tickets.edit(ticket, currency="gbp").json["errors"][0]["field"] == "currency"
    edited = tickets.edit(ticket, title=ticket["title"], price=5000)
    assert (edited.status, edited.json["price"]) == (200, 5000)


def test_the_quantity_is_at_least_what_is_taken(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=5)
    tickets.stock(ticket, 2, held=2, sold=1, quantity=5)
    refused = tickets.edit(ticket, quantity=2)
    assert (refused.status, refused.json["errors"][0]["field"]) == (409, "quantity")
    edited = tickets.edit(ticket, quantity=3).json
    assert (edited["quantity"], edited["available"], edited["status"]) == (3, 0, "reserved")
    assert tickets.browse() == []


def test_withdrawing_is_final_and_idempotent(tickets: TicketsService) -> None:
    ticket = tickets.list(city="Rotterdam")
    for _ in range(2):
        answer = tickets.withdraw(ticket)
        assert (answer.status, answer.text) == (204, "")
    gone = {**ticket, "status": "withdrawn", "version": 2}
    assert tickets.show(ticket) == gone
    assert tickets.edit(ticket, price=5000).status == 409
    assert tickets.browse() == tickets.browse(q="marble") == tickets.browse(city="Rotterdam") == []
    assert tickets.pages("/api/tickets/mine", user="maren") == [[{**gone, "reserved": 0, "sold": 0}]]
    assert tickets.word_rows(ticket) == []


def test_an_unreadable_body_is_refused(tickets: TicketsService) -> None:
    for raw, status in (
        ("{", 400),
        ("[]", 400),
        ('{"title": "a", "title": "b", "price": 50}', 400),
        ('{"title": "\\ud800", "price": 50}', 400),
        ('{"title": "a", "price": NaN}', 400),
        ('{"title": "a", "price": 1' + "0" * 5_000 + "}", 400),
        ('{"title": "' + "x" * 20_000 + '", "price": 50}', 413),
    ):
        answer = tickets.request("POST", "/api/tickets", raw=raw, user="maren")
        assert (answer.status, bool(answer.json["errors"])) == (status, True), raw[:40]
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert tickets.request("POST", "/api/tickets", listing_body(), user="maren", headers=form).status == 415
    assert tickets.request("PATCH", "/api/tickets", listing_body(), user="maren").status == 405
    assert tickets.rows() == []
