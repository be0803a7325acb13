"""Looking for a ticket."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import Open
from tests.e2e.gallery import Stage
from tests.support.users import User, eventually

SHIFT = """() => new Promise((resolve) => {
  let total = 0
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) total += shift.value
  }).observe({type: 'layout-shift', buffered: true})
  setTimeout(() => resolve(total), 300)
})"""


@pytest.fixture
def town() -> str:
    """A city nobody else sells in."""
    return f"Town {uuid4().hex[:8]}"


@pytest.fixture
def listed(seller: User, town: str) -> list[dict[str, Any]]:
    """Three tickets in town, for two nights."""
    tickets = [
        seller.list_ticket(
            title="Marble Arcade", price=4860, city=town, category="Music", startsAt="2031-12-05T19:00:00Z"
        ),
        seller.list_ticket(
            title="Slow Machines", price=1980, city=town, category="Music", startsAt="2031-12-06T21:00:00Z"
        ),
        seller.list_ticket(
            title="Harbour Run", price=900, city=town, category="Sport", startsAt="2031-12-06T08:00:00Z"
        ),
    ]
    eventually(lambda: _found(seller, town, 3))
    return tickets


def _found(person: User, town: str, count: int) -> None:
    assert len(person.send("GET", f"/api/tickets?city={town}").json()) == count


def titles(page: Page) -> list[str]:
    return page.locator("article .title").all_inner_texts()


def test_check_01_search_and_filters_live_in_the_address_and_back_restores_them(
    shopper: Open, listed: list[dict[str, Any]], town: str
) -> None:
    page = shopper().goes_to("/").page
    page.get_by_label("City").fill(town)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text(f"3 tickets in {town}")
    page.get_by_role("button", name="Music").click()
    expect(page).to_have_url(re.compile(r"\?city=Town\+\w+&category=Music$"))
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


def test_check_01_dates_and_price_are_filters_too(
    shopper: Open, listed: list[dict[str, Any]], town: str
) -> None:
    page = shopper().goes_to(f"/?city={town}").page
    page.get_by_text("Dates, price, category").click()
    page.get_by_label("From").fill("2031-12-06")
    expect(page.locator("article")).to_have_count(2)
    page.get_by_label("Highest price").fill("10")
    page.get_by_label("Highest price").press("Enter")
    expect(page.locator("article")).to_have_count(1)
    expect(page).to_have_url(re.compile("from=2031-12-06&max=10"))
    assert titles(page) == ["Harbour Run"]


def test_check_02_the_result_count_is_a_status(
    shopper: Open, listed: list[dict[str, Any]], town: str
) -> None:
    page = shopper().goes_to(f"/?city={town}&category=sport").page
    expect(page.get_by_role("status")).to_have_text(f"1 ticket in sport in {town}")


def test_check_03_the_whole_card_is_one_link_with_one_name(
    shopper: Open, listed: list[dict[str, Any]], town: str
) -> None:
    page = shopper().goes_to(f"/?city={town}").page
    card = page.locator("article").filter(has_text="Marble Arcade")
    expect(card.get_by_role("link")).to_have_count(1)
    expect(card.get_by_role("link")).to_have_accessible_name("Marble Arcade")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20)  # on the stub
    expect(page).to_have_url(re.compile(f"/tickets/{listed[0]['id']}$"))


def test_check_04_the_price_on_the_card_is_the_amount_charged(
    shopper: Open, listed: list[dict[str, Any]], town: str, buyer: User
) -> None:
    somebody = shopper(buyer)
    page = somebody.goes_to(f"/?city={town}").page
    card = page.locator("article").filter(has_text="Marble Arcade")
    expect(card.locator(".price")).to_have_text("€48.60")
    card.get_by_role("link").click()
    expect(page.locator(".total dd")).to_have_text("€48.60")
    somebody.button(re.compile("^Hold")).click()
    expect(somebody.pay_button).to_have_text("Pay €48.60")
    order = page.url.rsplit("/", 1)[-1]
    somebody.pays()
    somebody.sees("You’re going.")
    assert buyer.wait_for(f"/api/payments/{order}", orderId=order)["amount"] == 4860


def test_check_05_a_reserved_ticket_says_so_and_keeps_its_page(
    shopper: Open, listed: list[dict[str, Any]], buyer: User
) -> None:
    buyer.place_order(listed[0])
    buyer.wait_for(f"/api/tickets/{listed[0]['id']}", status="reserved")
    somebody = shopper().goes_to(f"/tickets/{listed[0]['id']}")
    somebody.sees("Marble Arcade")
    expect(
        somebody.page.get_by_role("status").filter(has_text="Somebody is paying for this one")
    ).to_be_visible()
    expect(somebody.button(re.compile("^Hold"))).to_have_count(0)


def test_check_06_an_empty_result_names_the_query_and_offers_one_way_out(shopper: Open) -> None:
    page = shopper().goes_to("/?q=Slow+Machinery+Nobody+Heard&max=50").page
    expect(
        page.get_by_role("heading", level=2, name="No tickets for “Slow Machinery Nobody Heard”")
    ).to_be_visible()
    out = page.get_by_role("main").locator(".state").get_by_role("button")
    expect(out).to_have_count(1)
    out.click()
    expect(page).to_have_url(re.compile(r"/$"))


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_check_07_nothing_jumps_and_skeletons_hold_the_place(
    shopper: Open, listed: list[dict[str, Any]], settings: dict[str, Any], town: str
) -> None:
    somebody = shopper(**settings)
    page = somebody.page

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/api/tickets?*", slowly)
    page.goto(f"/?city={town}")
    expect(page.locator(".skeleton").first).to_be_visible()
    expect(page.locator("article")).to_have_count(3)
    assert page.evaluate(SHIFT) < 0.1


def test_the_list_goes_on_for_as_long_as_the_link_header_says(shopper: Open, seller: User, town: str) -> None:
    for day in range(30):
        seller.list_ticket(
            title=f"Night {day:02}",
            city=town,
            startsAt=datetime(2031, 1, 1 + day, 20, tzinfo=UTC).isoformat(),
        )
    eventually(lambda: _found_all(seller, town))
    page = shopper().goes_to(f"/?city={town}").page
    expect(page.get_by_role("status")).to_contain_text("The first 24 tickets")
    page.get_by_role("button", name="Show more tickets").scroll_into_view_if_needed()
    expect(page.locator("article")).to_have_count(30)
    expect(page.get_by_role("status")).to_contain_text("30 tickets")
    page.locator("article").nth(27).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night 27")
    page.go_back()
    expect(page.locator("article")).to_have_count(30)


def _found_all(person: User, town: str) -> None:
    assert len(person.send("GET", f"/api/tickets?city={town}&limit=100").json()) == 30


def test_a_list_that_does_not_come_says_so_and_can_be_asked_again(shopper: Open) -> None:
    somebody = shopper()
    broken = {"on": True}
    page = somebody.page
    page.route(
        "**/api/tickets?*",
        lambda route: route.fulfill(status=500, json={}) if broken["on"] else route.continue_(),
    )
    somebody.goes_to("/")
    expect(page.get_by_role("heading", name="Something broke on our side")).to_be_visible()
    broken["on"] = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Something broke on our side")).to_be_hidden()


@pytest.mark.parametrize("path", ["/sell", "/selling", "/orders", "/orders/{done}", "/tickets/{ticket}"])
def test_check_07_nothing_jumps_on_the_other_pages(shopper: Open, stage: Stage, path: str) -> None:
    somebody = shopper(stage.buyer, viewport=PHONE)
    somebody.goes_to(path.format(done=stage.done["id"], ticket=stage.ticket["id"]))
    assert somebody.page.evaluate(SHIFT) < 0.1
