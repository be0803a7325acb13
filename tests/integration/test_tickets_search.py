"""Searching tickets by words."""

import pytest
from tickets import repository
from tiketz_common import aws

from tests.factories import listing_body
from tests.support.tickets_service import TicketsService


@pytest.fixture
def fair(tickets: TicketsService) -> TicketsService:
    """Three things for sale."""
    tickets.list("Marble Arcade: live!", 4860, venue="Halcyon Hall", city="Rotterdam")
    tickets.list("Żółw & Łabędź", 1200, venue="Teatr Wielki", city="Łódź", description="marble")
    tickets.list("Guns N' Roses' marbles", 9900, city="Kraków")
    return tickets


def test_words_match_by_prefix_without_case_or_accents(fair: TicketsService) -> None:
    arcade, swan, guns = "Marble Arcade: live!", "Żółw & Łabędź", "Guns N' Roses' marbles"
    for q, expected in (
        ("marble", {arcade, guns, swan}),
        ("MARB", {arcade, guns, swan}),
        ("marbles", {guns}),
        ("arble", set()),
        ("marble arcade", {arcade}),
        ("arcade marble", {arcade}),
        ("arcade, hall: rott", {arcade}),
        ("marble lodz", {swan}),
        ("zolw", {swan}),
        ("ŻÓŁW", {swan}),
        ("labedz łódź", {swan}),
        ("krakow", {guns}),
        ("rose", {guns}),
        ("roses'", {guns}),
        ("g", {guns}),
        ("n", {guns}),
        ("m m m mar", {arcade, guns, swan}),
        ("live 2026", set()),
        ("!!!", set()),
        ("#", set()),
        ("marble#", {arcade, guns, swan}),
        ("%", set()),
    ):
        titles = fair.titles(q=q)
        assert (set(titles), len(titles)) == (expected, len(expected)), q


MATCHES = [  # a query, what it finds, and what else is for sale
    ("東京", {"title": "コンサート東京ドーム公演"}, {"title": "京都の東"}),
    ("กรุงเทพ", {"title": "คอนเสิร์ตกรุงเทพ"}, {"title": "เทพ"}),
    ("콘서트", {"title": "서울콘서트홀"}, {"title": "서울"}),
    ("acdc", {"title": "AC/DC tribute"}, {"title": "AC voltage"}),
    ("standup", {"title": "An evening of stand-up"}, {"title": "Stand by me"}),
    ("🎸", {"title": "🎸🎸"}, {"title": "🎹"}),
    ("!!!", {"title": "!!!"}, {"title": "???"}),
    ("gesamtkonzert", {"title": "Gesamt\u00adkonzert"}, {"title": "Gesamtwerk"}),
    ("music", {"title": "Marble", "category": "Music"}, {"title": "Marble", "category": "Sport"}),
    ("mixing desk", {"title": "Marble", "description": "Right by the mixing desk."}, {"title": "A desk"}),
]


@pytest.mark.parametrize(("query", "match", "other"), MATCHES, ids=lambda each: str(each)[:12])
def test_a_search_finds_text_in_every_script(
    tickets: TicketsService, query: str, match: dict[str, str], other: dict[str, str]
) -> None:
    tickets.list(**listing_body(**{**dict.fromkeys(("category", "description")), **other}))
    ticket = tickets.list(**listing_body(**{**dict.fromkeys(("category", "description")), **match}))
    assert [each["id"] for each in tickets.browse(q=query)] == [ticket["id"]]


def test_a_city_is_found_without_what_does_not_show(tickets: TicketsService) -> None:
    tickets.list("Marble", city="Rotterdam\u200b")
    assert tickets.titles(city="Rotter\u00addam") == tickets.titles(q="rotterdam") == ["Marble"]


def test_a_search_obeys_filters_and_sorts(fair: TicketsService) -> None:
    arcade, swan, guns = "Marble Arcade: live!", "Żółw & Łabędź", "Guns N' Roses' marbles"
    assert fair.titles(q="marble", sort="cheapest") == [swan, arcade, guns]
    assert fair.titles(q="marble", sort="newest") == [guns, swan, arcade]
    assert fair.titles(q="marble", maxPrice=5000, sort="newest") == [swan, arcade]
    assert fair.titles(q="marble", city="krakow") == ["Guns N' Roses' marbles"]
    assert fair.titles(q="marble", category="music") == []
    assert fair.titles(q="marble", from_="2026-07-02T00:00:00Z") == []


def test_an_edit_changes_the_words_of_a_ticket(tickets: TicketsService) -> None:
    ticket = tickets.list("Marble Arcade", venue="Halcyon Hall", city="Rotterdam")
    assert tickets.word_rows(ticket) == ["arcade", "halcyon", "hall", "marble", "rotterdam"]
    tickets.edit(ticket, title="Marble Yard", venue=None)
    assert tickets.word_rows(ticket) == ["marble", "rotterdam", "yard"]
    assert tickets.titles(q="yard") == tickets.titles(q="marble rott") == ["Marble Yard"]
    assert tickets.browse(q="arcade") == tickets.browse(q="marble hall") == []


def test_an_edit_writes_only_the_word_rows_that_differ(tickets: TicketsService) -> None:
    ticket = tickets.list("Marble Arcade")
    words = [row for row in tickets.rows() if row["sk"] != "TICKET"]
    tickets.edit(ticket, quantity=5)
    assert [row for row in tickets.rows() if row["sk"] != "TICKET"] == words
    tickets.edit(ticket, price=5000)
    assert tickets.browse(q="marble", maxPrice=4999) == []
    assert len(tickets.browse(q="marble", maxPrice=5000)) == 1


def test_a_ticket_has_at_most_forty_words(tickets: TicketsService) -> None:
    ticket = tickets.list(
        " ".join(f"{a}{b}" for a in "abcdef" for b in "uvwxyz"),
        venue="one two three four five six",
        city="Ghent",
    )
    assert len(tickets.word_rows(ticket)) == 40
    assert tickets.titles(q="fz ghent") == [ticket["title"]]
    edited = tickets.edit(ticket, title=" ".join(f"{a}{b}" for a in "ghijkl" for b in "uvwxyz"))
    assert edited.status == 200  # 40 rows put and 40 deleted in one transaction
    assert len(tickets.word_rows(ticket)) == 40


def test_word_rows_hold_no_units_and_no_event(tickets: TicketsService) -> None:
    ticket = tickets.list(**listing_body(title="Marble"))
    before = tickets.rows()
    tickets.stock(ticket, 2, held=1, quantity=2)
    after = tickets.rows()
    changed = [row["sk"] for row, was in zip(after, before, strict=True) if row != was]
    assert changed == ["TICKET"]
    [word] = [row for row in after if row["sk"].startswith("marble#")]
    assert set(word) == {
        *("pk", "sk", "soonest", "newest", "cheapest", "city", "category", "words", "forgetAt")
    }
    assert word["forgetAt"] == 1796410800  # 2026-12-04T19:00:00Z


def test_word_rows_expire_with_the_event_and_return_when_it_moves(tickets: TicketsService) -> None:
    ticket = tickets.list("Marble", startsAt="2026-07-02T12:00:00Z")
    tickets.edit(ticket, startsAt="2026-07-09T12:00:00Z")
    [word] = [row for row in tickets.rows() if row["sk"].startswith("marble#")]
    assert word["forgetAt"] == 1783598400
    tickets.edit(ticket, startsAt=None)
    [word] = [row for row in tickets.rows() if row["sk"].startswith("marble#")]
    assert "forgetAt" not in word


def test_a_word_with_too_many_tickets_is_read_in_part(
    tickets: TicketsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those with the exact word come first."""
    for title in ("Marbles", "Marble", "Marbled"):
        tickets.list(title)
    client = aws.client("dynamodb")
    query = client.query
    params = []

    def one_at_a_time(**how: object) -> object:
        params.append(how)
        return query(**{**how, "Limit": 1})

    monkeypatch.setattr(client, "query", one_at_a_time)
    monkeypatch.setattr(repository, "MAX_WORD_QUERIES", 2)
    assert sorted(tickets.titles(q="marble")) == ["Marble", "Marbled"]
    assert len(params) == 2
