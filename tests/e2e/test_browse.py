"""Searching and listing tickets."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SceneData
from tests.support.users import User, eventually

LAYOUT_SHIFT = """() => new Promise((resolve) => {
  let total = 0
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) total += shift.value
  }).observe({type: 'layout-shift', buffered: true})
  setTimeout(() => resolve(total), 300)
})"""


@pytest.fixture
def city() -> str:
    """A city without other tickets."""
    return f"City {uuid4().hex[:8]}"


@pytest.fixture
def tickets(seller: User, city: str) -> list[dict[str, Any]]:
    """Three tickets in the city, on two days."""
    tickets = [
        seller.list_ticket(
            title="Marble Arcade", price=4860, city=city, category="Music", startsAt="2031-12-05T19:00:00Z"
        ),
        seller.list_ticket(
            title="Slow Machines", price=1980, city=city, category="Music", startsAt="2031-12-06T21:00:00Z"
        ),
        seller.list_ticket(
            title="Harbour Run", price=900, city=city, category="Sport", startsAt="2031-12-06T08:00:00Z"
        ),
    ]
    eventually(lambda: assert_listed(seller, city, 3))
    return tickets


def assert_listed(user: User, city: str, count: int) -> None:
    """The search finds this many tickets."""
    assert len(user.send("GET", f"/api/tickets?city={city}&limit=100").json()) == count


def titles(page: Page) -> list[str]:
    return page.locator("article .title").all_inner_texts()


def test_search_and_filters_are_in_the_address_and_back_restores_them(
    open_tab: OpenTab, tickets: list[dict[str, Any]], city: str
) -> None:
    page = open_tab().go_to("/").page
    page.get_by_label("City").fill(city)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text(f"3 tickets in {city}")
    page.get_by_role("button", name="Music").click()
    expect(page).to_have_url(re.compile(r"\?city=City\+\w+&category=Music$"))
    expect(page.locator("article")).to_have_count(2)
    page.get_by_label("Sort").select_option("cheapest")
    expect(page).to_have_url(re.compile("sort=cheapest"))
    expect(page.locator("article").first).to_contain_text("Slow Machines")
    page.get_by_label("Artist, team or venue").fill("marble")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("article")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Artist, team or venue")).to_have_value("marble")
    expect(page.locator("article")).to_have_count(1)
    page.go_back()
    expect(page.get_by_label("Artist, team or venue")).to_have_value("")
    expect(page.locator("article")).to_have_count(2)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("button", name="Music")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("article")).to_have_count(3)


def test_dates_and_price_are_filters(open_tab: OpenTab, tickets: list[dict[str, Any]], city: str) -> None:
    page = open_tab().go_to(f"/?city={city}").page
    page.get_by_text("Dates, price, category").click()
    page.get_by_label("From").fill("2031-12-06")
    expect(page.locator("article")).to_have_count(2)
    page.get_by_label("Highest price").fill("10")
    page.get_by_label("Highest price").press("Enter")
    expect(page.locator("article")).to_have_count(1)
    expect(page).to_have_url(re.compile("from=2031-12-06&max=10"))
    assert titles(page) == ["Harbour Run"]


def test_the_result_count_is_a_status(open_tab: OpenTab, tickets: list[dict[str, Any]], city: str) -> None:
    page = open_tab().go_to(f"/?city={city}&category=sport").page
    expect(page.get_by_role("status")).to_have_text(f"1 ticket in Sport in {city}")


def test_a_card_is_one_link_with_one_name(
    open_tab: OpenTab, tickets: list[dict[str, Any]], city: str
) -> None:
    page = open_tab().go_to(f"/?city={city}").page
    card = page.locator("article").filter(has_text="Marble Arcade")
    expect(card.get_by_role("link")).to_have_count(1)
    expect(card.get_by_role("link")).to_have_accessible_name("Marble Arcade")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20)  # on the stub
    expect(page).to_have_url(re.compile(f"/tickets/{tickets[0]['id']}$"))


def test_the_price_on_the_card_is_the_amount_charged(
    open_tab: OpenTab, tickets: list[dict[str, Any]], city: str, buyer: User
) -> None:
    tab = open_tab(buyer)
    page = tab.go_to(f"/?city={city}").page
    card = page.locator("article").filter(has_text="Marble Arcade")
    expect(card.locator(".price")).to_have_text("€48.60")
    card.get_by_role("link").click()
    expect(page.locator(".total dd")).to_have_text("€48.60")
    tab.button(re.compile("^Hold")).click()
    expect(tab.pay_button).to_have_text("Pay €48.60")
    order = page.url.rsplit("/", 1)[-1]
    tab.pay()
    tab.expect_heading("You’re going.")
    assert buyer.wait_for(f"/api/payments/{order}", orderId=order)["amount"] == 4860


def test_a_reserved_ticket_says_so_and_cannot_be_held(
    open_tab: OpenTab, tickets: list[dict[str, Any]], buyer: User
) -> None:
    buyer.place_order(tickets[0])
    buyer.wait_for(f"/api/tickets/{tickets[0]['id']}", status="reserved")
    tab = open_tab().go_to(f"/tickets/{tickets[0]['id']}")
    tab.expect_heading("Marble Arcade")
    expect(tab.page.get_by_role("status").filter(has_text="Somebody is paying for this one")).to_be_visible()
    expect(tab.button(re.compile("^Hold"))).to_have_count(0)


def test_an_empty_result_names_the_query_and_offers_to_clear_it(open_tab: OpenTab) -> None:
    page = open_tab().go_to("/?q=Slow+Machinery+Nobody+Heard&max=50").page
    expect(
        page.get_by_role("heading", level=2, name="No tickets for “Slow Machinery Nobody Heard”")
    ).to_be_visible()
    clear = page.get_by_role("main").locator(".state").get_by_role("button")
    expect(clear).to_have_count(1)
    clear.click()
    expect(page).to_have_url(re.compile(r"/$"))


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_skeletons_prevent_layout_shift_on_the_front_page(
    open_tab: OpenTab, tickets: list[dict[str, Any]], settings: dict[str, Any], city: str
) -> None:
    tab = open_tab(**settings)
    page = tab.page

    def respond_late(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/api/tickets?*", respond_late)
    page.goto(f"/?city={city}")
    expect(page.locator(".skeleton").first).to_be_visible()
    expect(page.locator("article")).to_have_count(3)
    assert page.evaluate(LAYOUT_SHIFT) < 0.1


def test_the_list_loads_more_until_the_link_header_ends(open_tab: OpenTab, seller: User, city: str) -> None:
    for day in range(25):
        seller.list_ticket(
            title=f"Night {day:02}",
            city=city,
            startsAt=datetime(2031, 1, 1 + day, 20, tzinfo=UTC).isoformat(),
        )
    eventually(lambda: assert_listed(seller, city, 25))
    page = open_tab().go_to(f"/?city={city}").page
    expect(page.get_by_role("status")).to_contain_text("The first 24 tickets")
    page.get_by_role("button", name="Show more tickets").scroll_into_view_if_needed()
    expect(page.locator("article")).to_have_count(25)
    expect(page.get_by_role("status")).to_contain_text("25 tickets")
    page.locator("article").nth(22).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night 22")
    page.go_back()
    expect(page.locator("article")).to_have_count(25)


def test_a_list_that_failed_to_load_can_be_retried(open_tab: OpenTab) -> None:
    tab = open_tab()
    failing = {"on": True}
    page = tab.page
    page.route(
        "**/api/tickets?*",
        lambda route: route.fulfill(status=500, json={}) if failing["on"] else route.continue_(),
    )
    tab.go_to("/")
    expect(page.get_by_role("heading", name="Something broke on our side")).to_be_visible()
    failing["on"] = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Something broke on our side")).to_be_hidden()


@pytest.mark.parametrize("path", ["/sell", "/selling", "/orders", "/orders/{completed}", "/tickets/{ticket}"])
def test_other_pages_have_no_layout_shift(open_tab: OpenTab, scene_data: SceneData, path: str) -> None:
    tab = open_tab(scene_data.buyer, viewport=PHONE)
    tab.go_to(path.format(completed=scene_data.completed["id"], ticket=scene_data.ticket["id"]))
    assert tab.page.evaluate(LAYOUT_SHIFT) < 0.1


def test_prices_are_compared_within_a_currency_and_others_follow(open_tab: OpenTab, seller: User) -> None:
    for title, price, currency in (("Euro", 5000, "eur"), ("Euro two", 7000, "eur"), ("Pound", 1000, "gbp")):
        seller.list_ticket(title=title, price=price, currency=currency, city="Money Town")
    eventually(lambda: assert_count(seller, "Money Town", 3))
    page = open_tab().go_to("/?city=Money Town&max=60").page
    expect(page.get_by_role("status")).to_have_text("1 ticket in Money Town up to €60.00")
    others = page.locator("section").filter(has=page.get_by_role("heading", name="In pounds"))
    expect(others.locator("article")).to_contain_text("£10.00")
    expect(others).to_contain_text("not compared")
    page.get_by_text("Dates, price, category").click()
    page.get_by_label("Currency").select_option("gbp")
    expect(page.get_by_role("status")).to_have_text("1 ticket in Money Town up to £60.00")
    expect(page.get_by_role("heading", name="In euros")).to_be_visible()


def assert_count(user: User, city: str, count: int) -> None:
    """The search finds so many tickets."""
    assert len(user.send("GET", f"/api/tickets?city={city}").json()) == count
