"""Searches as DynamoDB queries."""

import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tickets.catalogue import KeyRange, Sort, TicketSearch, index_query, word_query
from tickets.etags import accepts, etag
from tickets.rows import ticket_id_at

from tests.factories import NOON
from tests.support.templates import service_template

LATER = NOON + timedelta(days=3)
PLACE = "2026-07-02T12:00:00.000Z#t1"
INDEXES = {
    index["IndexName"]: index
    for index in service_template("tickets")["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
}
WISHES = [
    TicketSearch(sort=sort, city=city, category=category, earliest=earliest, latest=latest, max_price=price)
    for sort, city, category, earliest, latest, price in product(
        Sort, (None, "ghent"), (None, "music"), (None, LATER), (None, LATER + timedelta(days=1)), (None, 100)
    )
]


def attributes(ask: dict[str, Any], expression: str) -> set[str]:
    """The attributes that an expression of a Query names."""
    return {ask["ExpressionAttributeNames"][alias] for alias in re.findall(r"#\w+", ask.get(expression, ""))}


@pytest.mark.parametrize("after", [None, PLACE])
def test_every_list_is_a_query_that_its_index_can_answer(after: str | None) -> None:
    for search in WISHES:
        ask = index_query(search, search.key_ranges(after, NOON))
        index = INDEXES[ask["IndexName"]]
        partition, order = (key["AttributeName"] for key in index["KeySchema"])
        keys, filters = attributes(ask, "KeyConditionExpression"), attributes(ask, "FilterExpression")
        assert {partition} <= keys <= {partition, order}, search
        assert order == search.sort.value, search
        assert filters <= set(index["Projection"]["NonKeyAttributes"]), search
        assert set(ask["ExpressionAttributeNames"].values()) == keys | filters, search


def test_a_city_or_category_by_date_is_its_own_partition() -> None:
    for search, index, partition in (
        (TicketSearch(sort=Sort.SOONEST, city="ghent", category="music"), "soonestByCity", "ghent"),
        (TicketSearch(sort=Sort.SOONEST, category="music"), "soonestByCategory", "music"),
        (TicketSearch(sort=Sort.SOONEST), "soonest", "all"),
        (TicketSearch(sort=Sort.CHEAPEST, city="ghent"), "cheapest", "all"),
    ):
        ask = index_query(search, search.key_ranges(None, NOON))
        assert ask["IndexName"] == index
        assert ask["ExpressionAttributeValues"][":v0"] == {"S": partition}


def test_dates_and_prices_are_key_ranges() -> None:
    noon, later = "2026-07-01T12:00:00.000Z~", "2026-07-04T12:00:00.000Z"
    for search, dates, prices in (
        (TicketSearch(sort=Sort.SOONEST), KeyRange(noon), KeyRange()),
        (TicketSearch(sort=Sort.SOONEST, earliest=LATER), KeyRange(later, "~"), KeyRange()),
        (TicketSearch(sort=Sort.SOONEST, earliest=NOON - timedelta(days=9)), KeyRange(noon, "~"), KeyRange()),
        (
            TicketSearch(sort=Sort.SOONEST, latest=LATER, max_price=99),
            KeyRange(noon, later + "~"),
            KeyRange(None, "0000099~"),
        ),
    ):
        key_ranges = search.key_ranges(None, NOON)
        assert (key_ranges["soonest"], key_ranges["cheapest"], key_ranges["newest"]) == (
            dates,
            prices,
            KeyRange(),
        )


def test_a_cursor_narrows_the_range_of_its_order() -> None:
    assert TicketSearch(sort=Sort.SOONEST).key_ranges(PLACE, NOON)["soonest"] == KeyRange(PLACE)
    assert (
        TicketSearch(sort=Sort.SOONEST).key_ranges("2020" + PLACE[4:], NOON)["soonest"].lower
        != "2020" + PLACE[4:]
    )
    assert TicketSearch(sort=Sort.NEWEST).key_ranges(PLACE, NOON)["newest"] == KeyRange(None, PLACE)
    key_ranges = TicketSearch(sort=Sort.CHEAPEST, max_price=99).key_ranges("0000050#t1", NOON)
    assert key_ranges["cheapest"] == KeyRange("0000050#t1", "0000099~")


def test_a_range_without_room_is_empty() -> None:
    assert KeyRange("b", "a").empty
    assert KeyRange("a", "a").empty
    assert not KeyRange("a", "b").empty
    assert not KeyRange("a").empty
    assert not KeyRange(None, "a").empty


def test_a_search_queries_the_longest_word_and_filters_the_rest() -> None:
    search = TicketSearch(sort=Sort.NEWEST, words=("of", "harbour", "lights"))
    ask = word_query(search, search.key_ranges(None, NOON))
    values = [value["S"] for value in ask["ExpressionAttributeValues"].values()]
    assert values[:4] == ["WORD#h", "harbour", " lights", " of"]
    assert ask["KeyConditionExpression"] == "#pk = :v0 AND begins_with(#sk, :v1)"
    assert ask["ProjectionExpression"] == "#newest"


def test_a_sort_key_ends_with_the_tickets_id() -> None:
    assert ticket_id_at(PLACE) == "t1"
    assert ticket_id_at("~#t1") == "t1"


def test_a_tag_is_a_version_and_if_match_lists_them() -> None:
    assert etag(3) == 'W/"3"'
    for passes in (None, "*", " * ", '"3"', 'W/"3"', '"1", W/"3"', '"1","3"'):
        assert accepts(passes, 3), passes
    for fails in ("", "3", '"1"', '"33"', '"*"', "W/3"):
        assert not accepts(fails, 3), fails
