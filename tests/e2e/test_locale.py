"""Times, amounts and text, as readers in several countries, time zones and scripts see and type them."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SceneData
from tests.e2e.tab import Tab
from tests.support.users import User, eventually

EVENING = "2031-12-05T19:00:00Z"  # 20:00 in Amsterdam
RTL_NAME = "فيروز في برلين"


@pytest.mark.parametrize(
    ("locale", "timezone", "when"),
    [
        ("en-US", "America/New_York", "Friday, December 5, 2031, 8:00 PM, Amsterdam time"),
        ("ja-JP", "Asia/Tokyo", "Friday, December 5, 2031, 20:00, Amsterdam time"),
        ("en-AU", "Australia/Lord_Howe", "Friday, 5 December 2031, 8:00 pm, Amsterdam time"),
        ("nl-NL", "Europe/Amsterdam", "Friday, 5 December 2031, 20:00"),
        ("de-DE", "Europe/Berlin", "Friday, 5 December 2031, 20:00"),  # the same time as in Amsterdam
    ],
)
def test_everybody_reads_the_venues_time_in_english(
    open_tab: OpenTab, scene_data: SceneData, locale: str, timezone: str, when: str
) -> None:
    tab = open_tab(locale=locale, timezone_id=timezone)
    tab.go_to(f"/tickets/{scene_data.ticket['id']}")
    time = tab.page.get_by_role("main").locator("time").first
    expect(time).to_have_text(when)
    expect(time).to_have_attribute("datetime", EVENING)


@pytest.mark.parametrize(
    ("locale", "price"), [("en-US", r"€48\.60"), ("nl-NL", r"€\s48,60"), ("ar-EG", r"48\.60\s€")]
)
def test_amounts_are_written_as_in_the_readers_locale(
    open_tab: OpenTab, scene_data: SceneData, locale: str, price: str
) -> None:
    page = open_tab(locale=locale).go_to(f"/tickets/{scene_data.ticket['id']}").page
    expect(page.locator(".total dd")).to_have_text(re.compile(price))


def test_a_year_that_is_not_this_one_is_shown(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab().go_to("/?city=Rotterdam&sort=cheapest").page
    expect(page.locator("article").first).to_contain_text("2031")


def sell(tab: Tab, **fields: str) -> dict[str, Any]:
    """List a ticket by mouse; the ticket."""
    for label, value in {"What is it for?": "Marble Arcade", **fields}.items():
        tab.page.get_by_label(label).fill(value)
    with tab.page.expect_response(re.compile("/api/tickets$")) as response:
        tab.button("Put it up for sale").click()
    return dict(response.value.json())


@pytest.mark.parametrize(
    ("locale", "typed", "read", "minor"),
    [
        ("en-GB", "48.60", "€48.60 each", 4860),
        ("nl-NL", "48,6", "€ 48,60 each", 4860),
        ("de-DE", "1.250,50", "1.250,50 € each", 125050),
    ],
)
def test_a_price_is_shown_as_it_was_read(
    open_tab: OpenTab, seller: User, locale: str, typed: str, read: str, minor: int
) -> None:
    tab = open_tab(seller, locale=locale).go_to("/sell")
    price = tab.page.get_by_label("Price of one")
    price.fill(typed)
    expect(price).to_have_accessible_description(re.compile(re.escape(read).replace(r"\ ", r"\s")))
    assert sell(tab)["price"] == minor


@pytest.mark.parametrize("locale", ["en-GB", "nl-NL"])
def test_a_price_that_may_be_two_is_asked_about(open_tab: OpenTab, seller: User, locale: str) -> None:
    tab = open_tab(seller, locale=locale).go_to("/sell")
    page = tab.page
    page.get_by_label("What is it for?").fill("Marble Arcade")
    price = page.get_by_label("Price of one")
    price.fill("12.500")
    tab.button("Put it up for sale").click()
    expect(price).to_be_focused()
    expect(price).to_have_attribute("aria-invalid", "true")
    choices = page.get_by_role("group", name="Which one is it?").get_by_role("button")
    expect(choices).to_have_count(2)
    choices.filter(has_text=re.compile("12[.,]50$")).click()
    assert sell(tab)["price"] == 1250


def test_a_time_is_that_of_the_chosen_city(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller, timezone_id="America/New_York").go_to("/sell")
    zone = tab.page.get_by_label("Local time of")
    expect(zone).to_have_value("America/New_York")
    zone.select_option(label="Lord Howe (Australia)")
    tab.page.get_by_label("When does it start?").fill("2031-12-05T20:00")
    expect(tab.page.get_by_label("How it will look")).to_contain_text("20:00, Lord Howe time")
    assert sell(tab, **{"Price of one": "20"})["startsAt"] == "2031-12-05T09:00:00Z"


def test_a_time_that_the_clocks_skip_is_refused(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller).go_to("/sell")
    tab.page.get_by_label("What is it for?").fill("Night train")
    tab.page.get_by_label("Price of one").fill("20")
    starts = tab.page.get_by_label("When does it start?")
    starts.fill("2031-03-30T02:30")
    tab.button("Put it up for sale").click()
    expect(starts).to_be_focused()
    expect(starts).to_have_accessible_description(re.compile("clocks in Amsterdam skip that hour"))


@pytest.mark.parametrize(("choice", "iso"), [("First", "T00:30:00Z"), ("Second", "T01:30:00Z")])
def test_a_time_that_the_clocks_repeat_is_asked_about(
    open_tab: OpenTab, seller: User, choice: str, iso: str
) -> None:
    tab = open_tab(seller).go_to("/sell")
    starts = tab.page.get_by_label("When does it start?")
    starts.fill("2031-10-26T02:30")
    tab.page.get_by_label("What is it for?").fill("Night train")
    tab.page.get_by_label("Price of one").fill("20")
    tab.button("Put it up for sale").click()
    expect(starts).to_have_attribute("aria-invalid", "true")
    tab.button(re.compile(choice)).click()
    assert sell(tab)["startsAt"] == f"2031-10-26{iso}"


def test_a_date_without_its_time_is_no_ticket_for_any_day(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller).go_to("/sell")
    tab.page.get_by_label("What is it for?").fill("Night train")
    tab.page.get_by_label("Price of one").fill("20")
    starts = tab.page.get_by_label("When does it start?")
    starts.focus()
    tab.page.keyboard.type("05122031")
    tab.button("Put it up for sale").click()
    expect(starts).to_have_accessible_description(re.compile("Pick a day and a time"))


def test_a_right_to_left_name_does_not_turn_the_text_around_it(open_tab: OpenTab, seller: User) -> None:
    ticket = seller.list_ticket(title=RTL_NAME, venue="בארבי", city="Berlin 2031", startsAt=EVENING)
    tab = open_tab().go_to(f"/tickets/{ticket['id']}")
    tab.expect_heading(RTL_NAME)
    expect(tab.page).to_have_title(f"\u2068{RTL_NAME}\u2069 – Tiketz")
    where = tab.page.locator(".words p").filter(has_text="Berlin")
    venue, city = where.locator("bdi").nth(0).bounding_box(), where.locator("bdi").nth(1).bounding_box()
    assert venue
    assert city
    assert venue["x"] < city["x"]  # "venue, city" stays in the page's direction
    eventually(lambda: assert_found(seller, ticket))
    tab.go_to("/?city=Berlin 2031")
    expect(tab.page.locator("article .title bdi").filter(has_text=RTL_NAME)).to_be_visible()


def assert_found(user: User, ticket: dict[str, Any]) -> None:
    """The search lists the ticket."""
    listed = user.send("GET", "/api/tickets?city=Berlin 2031").json()
    assert ticket["id"] in {each["id"] for each in listed}


def test_a_direction_override_is_not_shown(open_tab: OpenTab, scene_data: SceneData) -> None:
    tab = open_tab()

    def respond(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "title": "Marble\u202e Arcade"})

    tab.page.route(re.compile(r"/api/tickets/[^/?]+$"), respond)
    tab.go_to(f"/tickets/{scene_data.ticket['id']}").expect_heading("Marble Arcade")
    expect(tab.page).to_have_title("Marble Arcade – Tiketz")


@pytest.mark.parametrize(
    ("typed", "why"), [("abc", "Write an amount"), ("-5", "Write an amount"), ("1.250", "may be two amounts")]
)
def test_a_highest_price_that_is_no_amount_marks_its_field(open_tab: OpenTab, typed: str, why: str) -> None:
    page = open_tab().go_to("/?city=Rotterdam").page
    page.get_by_text("Dates, price, category").click()
    field = page.get_by_label("Highest price")
    field.fill(typed)
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(why))
    expect(page).to_have_url(re.compile(r"\?city=Rotterdam$"))


def test_a_highest_price_is_read_in_the_readers_locale(open_tab: OpenTab) -> None:
    page = open_tab(locale="nl-NL").go_to("/?city=Rotterdam&max=12.50").page
    page.get_by_text("Dates, price, category").click()
    field = page.get_by_label("Highest price")
    expect(field).to_have_value("12,50")
    field.fill("52,50")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"max=52\.50$"))
    expect(page.get_by_role("status")).to_have_text(re.compile(r"up to €\s52,50"))


def test_dates_that_contradict_each_other_are_marked(open_tab: OpenTab) -> None:
    page = open_tab().go_to("/?from=2031-12-06&to=2031-12-05").page
    for label in ("From", "Until"):
        expect(page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Until")).to_have_accessible_description(re.compile("earlier than “From”"))
    page.get_by_label("Until").fill("2031-12-07")
    expect(page.get_by_label("From")).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("status")).to_have_text(re.compile("ticket"))
