"""The layout on phones, on wide screens, and enlarged."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.e2e.browsers import DESKTOP, PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SCENES, SceneData
from tests.support.users import User, eventually

VISIBLE_IN_A_PHONES_BROWSER: ViewportSize = {"width": 390, "height": 664}  # without the browser's own bars
ENLARGED: ViewportSize = {"width": 640, "height": 450}  # 1280 x 900 at 200 %
FIXED = """() => [...document.querySelectorAll('body *')]
  .filter((each) => getComputedStyle(each).position === 'fixed').length"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def box(locator: Locator) -> FloatRect:
    """The position of an element. Fails where it is not drawn."""
    position = locator.bounding_box()
    assert position
    return position


def bottom(locator: Locator) -> float:
    each = box(locator)
    return each["y"] + each["height"]


def navigation(page: Page) -> list[str]:
    """The links of the visible navigation."""
    return page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()


def test_a_phone_has_the_navigation_at_the_bottom(open_tab: OpenTab, scene_data: SceneData) -> None:
    tab = open_tab(scene_data.seller, viewport=PHONE).go_to("/?city=Rotterdam")
    bar = tab.page.get_by_role("navigation", name="Main")
    assert navigation(tab.page) == ["Browse", "My tickets", "Sell", "Selling", "Account"]
    assert bottom(bar) == PHONE["height"]
    for name, heading in (
        ("Selling", "Selling"),
        ("My tickets", "My tickets"),
        ("Sell", "Can’t go? Sell it."),
        ("Account", "Account"),
    ):
        bar.get_by_role("link", name=name, exact=True).click()
        tab.expect_heading(heading)
        expect(bar.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        assert bottom(bar) == PHONE["height"]


def test_a_visitors_phone_offers_to_sign_in(open_tab: OpenTab) -> None:
    tab = open_tab(viewport=PHONE).go_to("/help")
    assert navigation(tab.page) == ["Browse", "Sell", "Sign in"]


def test_a_phones_first_screen_shows_a_ticket(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab(viewport=VISIBLE_IN_A_PHONES_BROWSER).go_to("/?city=Rotterdam").page
    bar = page.get_by_role("navigation", name="Main")
    expect(page.locator("article").first).to_be_visible()
    assert bottom(page.locator("article").first) < box(bar)["y"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ticket-many", "Hold for 15 minutes"),
        ("ticket-reserved", "Somebody is paying for this one"),
        ("ticket-own", "Look after it"),
        ("checkout", "Pay €22.00"),
    ],
)
def test_the_action_bar_has_what_counts_on_a_phones_first_screen(
    open_tab: OpenTab, scene_data: SceneData, name: str, text: str
) -> None:
    [scene] = [each for each in SCENES if each.name == name]
    page = scene.show(
        open_tab(scene_data.user(scene.viewer), viewport=VISIBLE_IN_A_PHONES_BROWSER), scene_data
    )
    bar = page.locator(".action-bar")
    expect(bar).to_contain_text(text)
    assert bottom(bar) == VISIBLE_IN_A_PHONES_BROWSER["height"]
    assert box(bar)["height"] < 100
    expect(bar.get_by_text(text)).to_be_in_viewport(ratio=1)


def test_the_quantity_is_chosen_in_the_action_bar(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab(viewport=PHONE).go_to(f"/tickets/{scene_data.many['id']}").page
    quantity = page.locator(".action-bar").get_by_label("How many")
    expect(quantity).to_be_in_viewport(ratio=1)
    quantity.select_option("3")
    expect(page.locator(".action-bar .price")).to_have_text("€81.00")


def test_a_wide_list_of_single_tickets_fills_its_rows(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab().go_to("/?city=Rotterdam").page
    cards = page.locator("article")
    expect(cards.nth(3)).to_be_visible()
    assert box(cards.nth(0))["y"] == box(cards.nth(1))["y"]
    assert box(cards.nth(2))["y"] == box(cards.nth(3))["y"]
    expect(cards.first).to_contain_text("Fri, 5 Dec 2031, 20:00")


@pytest.fixture
def busy_city(seller: User) -> str:
    """A city with two events on each of two days."""
    for title, starts_at in (
        ("Early", "2031-12-05T17:00:00Z"),
        ("Late", "2031-12-05T21:00:00Z"),
        ("Early too", "2031-12-06T17:00:00Z"),
        ("Late too", "2031-12-06T21:00:00Z"),
    ):
        seller.list_ticket(title=title, city="Busy Town", startsAt=starts_at)
    eventually(lambda: assert_listed(seller, "Busy Town", 4))
    return "Busy Town"


def assert_listed(user: User, city: str, count: int) -> None:
    """The search finds at least this many tickets."""
    assert len(user.send("GET", f"/api/tickets?city={city}&limit=100").json()) >= count


def test_days_with_several_tickets_have_headings(open_tab: OpenTab, busy_city: str) -> None:
    page = open_tab().go_to(f"/?city={busy_city}").page
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Friday, 5 December 2031", "Saturday, 6 December 2031"]
    )


def test_an_empty_result_shows_what_is_near(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab().go_to("/?q=Harriers&city=Delft&from=2031-12-06&to=2031-12-06").page
    expect(page.get_by_role("heading", name="In other cities")).to_be_visible()
    expect(page.get_by_role("heading", name="On other dates")).to_have_count(0)
    expect(page.locator("article")).to_contain_text(["Rotterdam Harriers"])
    page.get_by_role("link", name="All in other cities").click()
    expect(page).to_have_url(re.compile(r"/\?q=Harriers&from=2031-12-06&to=2031-12-06$"))


def test_enlarged_the_facts_stand_before_the_poster(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab(viewport=ENLARGED).go_to(f"/tickets/{scene_data.ticket['id']}").page
    words, poster = page.locator(".words"), page.locator(".big .art")
    assert box(words)["x"] < box(poster)["x"]
    assert box(words)["y"] <= box(poster)["y"]
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("main").locator("time").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "name", ["browse-filters", "ticket-many", "checkout", "sell-errors", "my-tickets", "account", "selling"]
)
def test_nothing_scrolls_sideways_with_text_of_twice_the_size(
    open_tab: OpenTab, scene_data: SceneData, name: str, size: ViewportSize
) -> None:
    [scene] = [each for each in SCENES if each.name == name]
    page = scene.show(open_tab(scene_data.user(scene.viewer), viewport=size), scene_data)
    page.locator("html").evaluate("(html) => { html.style.fontSize = '200%' }")
    assert page.evaluate(OVERFLOW) <= 0


def test_the_bars_leave_a_low_screen_free(open_tab: OpenTab, scene_data: SceneData) -> None:
    page = open_tab(viewport=ENLARGED).go_to(f"/tickets/{scene_data.many['id']}").page
    assert page.evaluate(FIXED) == 0
