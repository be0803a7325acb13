"""Searching tickets: sorts, filters, pages."""

import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tickets import repository
from tiketz_common import cursor

from tests.factories import NOON
from tests.support.tickets_service import TicketsService, next_query

SORTS = {
    "soonest": lambda t: (t["startsAt"] or "~", t["id"]),
    "newest": lambda t: (t["createdAt"], t["id"]),
    "cheapest": lambda t: (t["price"], t["id"]),
}


def at(days: float) -> str:
    """A time so many days after noon."""
    return (NOON + timedelta(days=days)).isoformat()


@pytest.fixture
def fair(tickets: TicketsService) -> TicketsService:
    """Four things for sale: three with a date, of which two are in Rotterdam, and one without."""
    tickets.list("Marble Arcade", 4860, startsAt=at(3), city="Rotterdam", category="Music")
    tickets.list("Harbour Lights", 1200, startsAt=at(1), city="Łódź", category="Theatre")
    tickets.list("City Derby", 9900, startsAt=at(2), city=" rotterdam ", category="Sport")
    tickets.list("Any Museum", 50)
    return tickets


def test_the_soonest_come_first_and_the_undated_last(fair: TicketsService) -> None:
    expected = ["Harbour Lights", "City Derby", "Marble Arcade", "Any Museum"]
    assert fair.titles() == fair.titles(sort="soonest") == expected


def test_the_newest_come_first(fair: TicketsService) -> None:
    assert fair.titles(sort="newest") == ["Any Museum", "City Derby", "Harbour Lights", "Marble Arcade"]


def test_the_cheapest_come_first(fair: TicketsService) -> None:
    assert fair.titles(sort="cheapest") == ["Any Museum", "Harbour Lights", "Marble Arcade", "City Derby"]


NARROWED: list[tuple[dict[str, str], set[str]]] = [
    ({"city": "ROTTERDAM"}, {"City Derby", "Marble Arcade"}),
    ({"city": "lodz"}, {"Harbour Lights"}),
    ({"city": "Rotter"}, set()),
    ({"category": "music"}, {"Marble Arcade"}),
    ({"city": "Rotterdam", "category": "Sport"}, {"City Derby"}),
    ({"city": "Rotterdam", "category": "Theatre"}, set()),
    ({"from": at(2)}, {"City Derby", "Marble Arcade"}),
    ({"to": at(2)}, {"Harbour Lights", "City Derby"}),
    ({"from": at(1.5), "to": at(2.5)}, {"City Derby"}),
    ({"from": at(-9), "to": at(-8)}, set()),
    ({"from": at(-9)}, {"Harbour Lights", "City Derby", "Marble Arcade"}),
    ({"maxPrice": "4860"}, {"Any Museum", "Harbour Lights", "Marble Arcade"}),
    ({"maxPrice": "4859"}, {"Any Museum", "Harbour Lights"}),
    ({"maxPrice": "0"}, set()),
    ({"maxPrice": "10000000"}, {"Any Museum", "Harbour Lights", "Marble Arcade", "City Derby"}),
    ({"city": "rotterdam", "maxPrice": "5000", "to": at(4)}, {"Marble Arcade"}),
    ({"q": "", "city": " ", "utm": "x"}, {"Any Museum", "Harbour Lights", "Marble Arcade", "City Derby"}),
]


def test_filters_narrow_every_sort_alike(fair: TicketsService) -> None:
    for params, matches in NARROWED:
        for sort in SORTS:
            titles = fair.titles(**params, sort=sort)
            assert (set(titles), len(titles)) == (matches, len(matches)), (params, sort)


def test_prices_are_compared_within_a_currency(tickets: TicketsService) -> None:
    for number in range(30):
        tickets.list(f"Euro {number:02}", 1000 + number)
        tickets.list(f"Pound {number:02}", 900 + number, currency="gbp")
    for params in ({}, {"q": "pound"}):
        titles = tickets.titles(currency="gbp", maxPrice=909, sort="cheapest", **params)
        assert titles == [f"Pound {number:02}" for number in range(10)]
    assert len(tickets.titles(currency="eur", sort="cheapest", limit=100)) == 30
    assert tickets.titles(currency="usd") == []


def test_invalid_search_parameters_are_refused(fair: TicketsService) -> None:
    for query, field in (
        ("sort=dearest", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("maxPrice=-1", "maxPrice"),
        ("maxPrice=1.5", "maxPrice"),
        ("currency=chf", "currency"),
        ("from=tomorrow", "from"),
        ("from=2026-07-02T12:00:00", "from"),
        ("to=2026-07-02", "to"),
        ("fromDate=2026-7-2", "fromDate"),
        ("fromDate=2026-02-30", "fromDate"),
        ("toDate=2026-07-02T12:00:00Z", "toDate"),
        ("toDate=1999-12-31", "toDate"),
        ("from=2026-07-02T12:00:00+01:00", "from"),  # the + unescaped: a space
        ("city=" + "x" * 121, "city"),
        ("q=" + "x" * 121, "q"),
        ("cursor=nonsense", "cursor"),
        ("cursor=" + "x" * 1_001, "cursor"),
    ):
        answer = fair.request("GET", "/api/tickets", query=query)
        assert (answer.status, answer.json["errors"][0].get("field")) == (400, field), query
        assert answer.json["errors"][0]["message"], query
    backwards = urlencode({"from": at(3), "to": at(2)})
    assert fair.request("GET", "/api/tickets", query=backwards).status == 400
    assert fair.request("GET", "/api/tickets", query="fromDate=2026-07-03&toDate=2026-07-02").status == 400


VENUES = {  # the venue's time, its zone
    "Kiritimati, Saturday": ("2026-07-04T00:30:00+14:00", "Pacific/Kiritimati"),
    "Tokyo, Friday": ("2026-07-03T20:30:00+09:00", "Asia/Tokyo"),
    "Amsterdam, Friday": ("2026-07-03T20:30:00+02:00", "Europe/Amsterdam"),
    "New York, Friday": ("2026-07-03T23:30:00-04:00", "America/New_York"),
    "Lord Howe, Saturday": ("2026-07-04T09:00:00+10:30", "Australia/Lord_Howe"),
    "Niue, Thursday": ("2026-07-02T23:30:00-11:00", "Pacific/Niue"),
    "Nowhere, Friday": ("2026-07-03T23:59:59Z", None),
}


@pytest.mark.parametrize("search", [{}, {"q": "venue"}], ids=["all", "words"])
@pytest.mark.parametrize("sort", SORTS)
def test_days_are_those_at_the_venue(tickets: TicketsService, sort: str, search: dict[str, str]) -> None:
    for title, (starts_at, zone) in VENUES.items():
        tickets.list(title, 2000, startsAt=starts_at, timeZone=zone, venue="Venue")
    tickets.list("Any day", 2000, venue="Venue")
    for day, name in (("2026-07-02", "Thursday"), ("2026-07-03", "Friday"), ("2026-07-04", "Saturday")):
        titles = tickets.titles(fromDate=day, toDate=day, sort=sort, **search)
        assert set(titles) == {title for title in VENUES if title.endswith(name)}
    assert len(tickets.titles(fromDate="2026-07-03", sort=sort, **search)) == 6
    assert tickets.titles(toDate="2026-07-02", sort=sort, **search) == ["Niue, Thursday"]


def test_pages_of_a_day_have_every_ticket_once(tickets: TicketsService) -> None:
    for number in range(40):
        zone, hour = (("Asia/Tokyo", "13"), ("Europe/Amsterdam", "20"))[number % 2]
        tickets.list(f"Event {number}", 2000, startsAt=f"2026-07-03T{hour}:00:00Z", timeZone=zone)
    query, titles = "fromDate=2026-07-03&toDate=2026-07-03&limit=3", []
    while query:
        page = tickets.request("GET", "/api/tickets", query=query)
        titles += [ticket["title"] for ticket in page.json]
        query = next_query(page) or ""
    assert len(titles) == len(set(titles)) == 40


def test_only_tickets_on_sale_are_listed(fair: TicketsService) -> None:
    derby = fair.browse(sort="newest")[1]
    museum, harbour, arcade = fair.browse(sort="cheapest")[:3]
    fair.stock(derby, 2, held=1)
    fair.stock(harbour, 2, sold=1)
    fair.withdraw(museum)
    for sort in SORTS:
        assert fair.titles(sort=sort) == ["Marble Arcade"]
    fair.stock(derby, 3)
    assert fair.titles() == ["City Derby", "Marble Arcade"]
    fair.now = NOON + timedelta(days=2.5)
    for sort in SORTS:
        assert fair.titles(sort=sort) == fair.titles(sort=sort, q="rott") == ["Marble Arcade"]
    fair.now = NOON + timedelta(days=3)
    assert fair.browse() == fair.browse(city="rotterdam") == []
    assert fair.show(arcade)["status"] == "available"


def test_an_edit_shows_in_every_list_at_once(fair: TicketsService) -> None:
    arcade = fair.browse(q="marble")[0]
    fair.edit(arcade, startsAt=at(0.5), price=50, city="Ghent", category=None)
    assert fair.titles()[0] == "Marble Arcade"
    assert "Marble Arcade" in fair.titles(sort="cheapest")[:2]
    assert fair.titles(city="ghent") == ["Marble Arcade"]
    assert fair.titles(city="rotterdam") == ["City Derby"]
    assert fair.titles(category="music") == []
    fair.edit(arcade, quantity=3)
    assert fair.browse(city="ghent")[0]["available"] == 3
    fair.stock(arcade, 2, held=1, quantity=3)
    assert fair.browse(city="ghent")[0]["available"] == 2


@pytest.fixture
def market(tickets: TicketsService) -> TicketsService:
    """Sixty tickets, two of a price, some without a date; every sixth reserved, every tenth in Ghent."""
    seeded = random.Random(1)
    for number in range(60):
        ticket = tickets.list(
            f"Show {'abcdefghij'[number % 10]}{number} of the harbour",
            100 * (1 + number // 2),
            startsAt=None if number % 7 == 0 else at(seeded.randint(1, 20)),
            city="Ghent" if number % 10 == 0 else "Rotterdam",
        )
        if number % 6 == 0:
            tickets.stock(ticket, 2, held=1)
    return tickets


def test_paging_shows_each_ticket_once_and_in_order(market: TicketsService) -> None:
    for params, sorts, count in (
        ({}, SORTS, 50),
        ({"q": "harb show"}, ("soonest", "newest"), 50),
        ({"city": "rotterdam"}, ("soonest", "cheapest"), 46),
    ):
        for sort in sorts:
            pages = market.pages(sort=sort, limit=13, **params)
            assert [len(page) for page in pages] == [13, 13, 13, count - 39], (params, sort)
            matches = [ticket for page in pages for ticket in page]
            assert len({ticket["id"] for ticket in matches}) == count, (params, sort)
            assert matches == sorted(matches, key=SORTS[sort], reverse=sort == "newest"), (params, sort)


def test_a_full_last_page_has_no_next_link(fair: TicketsService) -> None:
    for sort in SORTS:
        assert [len(page) for page in fair.pages(sort=sort, limit=2)] == [2, 2]
        assert [len(page) for page in fair.pages(sort=sort, limit=4)] == [4]


def test_a_list_at_its_cost_limit_continues_from_its_cursor(
    market: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare: list[dict[str, Any]] = [{"city": "ghent", "sort": "newest"}, {"maxPrice": 300, "sort": "soonest"}]
    whole = [market.browse(limit=100, **params) for params in rare]
    monkeypatch.setattr(repository, "MAX_QUERIES", 2)
    monkeypatch.setattr(repository, "FIRST_QUERY_LIMIT", 4)
    for params, matches in zip(rare, whole, strict=True):
        pages = market.pages(limit=2, **params)
        assert [ticket for page in pages for ticket in page] == matches, params
        assert any(len(page) < 2 for page in pages[:-1]), params


def test_a_search_among_sold_tickets_continues_from_its_cursor(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows = [tickets.list(f"Show {number}", 100 + number) for number in range(12)]
    for sold in shows[1:9]:
        tickets.stock(sold, 2, sold=1)
    monkeypatch.setattr(repository, "MAX_READS", 1)
    for sort in SORTS:
        pages = tickets.pages(q="show", sort=sort, limit=2)
        left = [shows[0], *shows[9:]]
        matches = [ticket for page in pages for ticket in page]
        assert sorted(matches, key=lambda ticket: ticket["price"]) == left, sort
        assert matches == sorted(matches, key=SORTS[sort], reverse=sort == "newest"), sort
    assert [] in tickets.pages(q="show", sort="cheapest", limit=2)[:-1]


def test_a_page_continues_where_the_last_one_ended(fair: TicketsService) -> None:
    for sort in SORTS:
        answer = fair.request("GET", "/api/tickets", query=f"sort={sort}&limit=2")
        following = [ticket["title"] for ticket in fair.browse(sort=sort)[2:]]
        last = answer.json[-1]
        fair.stock(last, 10 + len(sort), held=1)
        rest = fair.request("GET", "/api/tickets", query=next_query(answer) or "")
        assert [ticket["title"] for ticket in rest.json] == following, sort
        fair.stock(last, 20 + len(sort))


def test_a_next_link_repeats_the_search(fair: TicketsService) -> None:
    params = {
        "q": "r",
        "maxPrice": "9900",
        "from": "2026-07-01T14:00:00.5+02:00",
        "limit": "1",
        "sort": "cheapest",
    }
    answer = fair.request("GET", "/api/tickets", query=urlencode(params))
    assert answer.headers["link"].startswith(
        "</api/tickets?q=r&from=2026-07-01T12%3A00%3A00.500000Z&maxPrice=9900&sort=cheapest&limit=1&cursor="
    )


def test_a_cursor_belongs_to_its_search(fair: TicketsService) -> None:
    given = next_query(fair.request("GET", "/api/tickets", query="city=Rotterdam&limit=1"))
    assert given
    assert fair.request("GET", "/api/tickets", query=given).status == 200
    assert fair.request("GET", "/api/tickets", query=given.replace("limit=1", "limit=5")).status == 200
    mine = next_query(fair.request("GET", "/api/tickets/mine", query="limit=1", user="maren"))
    assert mine
    edits = [
        given.replace("soonest", "newest"),
        given.replace("Rotterdam", "Ghent"),
        given + "&maxPrice=5",
        mine,
    ]
    edits += [given[:-1], given + "A", given[:-1] + ("A" if given[-1] != "A" else "B")]
    for edited in edits:
        answer = fair.request("GET", "/api/tickets", query=edited)
        assert (answer.status, answer.json["errors"][0]["field"]) == (400, "cursor"), edited
    assert fair.request("GET", "/api/tickets/mine", query=mine, user="ben").status == 400


def test_a_forged_cursor_is_refused(fair: TicketsService) -> None:
    for position in ({}, {"after": 5}, {"after": None}, {"after": "x" * 900}, {"after": "~#" + "é" * 36}):
        made_up = urlencode({"limit": 1, "cursor": cursor.encode(position, "maren")})
        assert fair.request("GET", "/api/tickets/mine", query=made_up, user="maren").status == 400, position


def test_a_sellers_listings_are_all_shown_newest_first(fair: TicketsService) -> None:
    others = fair.list("Somebody else's", by="ben")
    museum = fair.browse(sort="cheapest")[0]
    fair.withdraw(museum)
    fair.now += timedelta(days=30)
    for limit in (1, 3, 4, 100):
        pages = fair.pages("/api/tickets/mine", user="maren", limit=limit)
        titles = [ticket["title"] for page in pages for ticket in page]
        assert titles == ["Any Museum", "City Derby", "Harbour Lights", "Marble Arcade"]
        assert len(pages) == -(-4 // limit)
    assert fair.pages("/api/tickets/mine", user="ben") == [[{**others, "reserved": 0, "sold": 0}]]
    assert fair.pages("/api/tickets/mine", user="ann") == [[]]


def test_only_a_seller_sees_what_is_reserved_and_sold(tickets: TicketsService) -> None:
    ticket = tickets.list(quantity=6)
    tickets.stock(ticket, 3, held=1, sold=2, quantity=6)
    tickets.stock(ticket, 2, held=3, quantity=6)  # a late event
    [[mine]] = tickets.pages("/api/tickets/mine", user="maren")
    assert (mine["reserved"], mine["sold"], mine["available"], mine["quantity"]) == (1, 2, 3, 6)
    for seen in (tickets.show(ticket), *tickets.browse()):
        assert seen == {name: value for name, value in mine.items() if name not in ("reserved", "sold")}
