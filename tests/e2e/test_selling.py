"""Selling: list, edit, withdraw."""

import re
from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.conftest import OpenTab
from tests.support.users import User, eventually


def test_a_ticket_is_listed_changed_and_withdrawn(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller).go_to("/sell")
    page = tab.page
    page.get_by_label("What is it for?").fill("Marble Arcade")
    page.get_by_label("Price of one").fill("48,60")
    page.get_by_label("How many").fill("2")
    page.get_by_label("When does it start?").fill("2031-12-05T20:00")
    page.get_by_label("Venue").fill("Halcyon Hall")
    page.get_by_label("City").fill("Rotterdam")
    page.get_by_label("Category").select_option("Music")
    page.get_by_label("Anything a buyer should know").fill("Standing.\nDoors open 19:00.")
    expect(page.get_by_label("How it will look")).to_contain_text("€48.60")
    page.get_by_role("button", name="Put it up for sale").click()
    tab.expect_heading("Marble Arcade")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Friday,? 5 December 2031, 20:00"))
    expect(page.get_by_role("heading", name="It’s live")).to_be_visible()

    page.get_by_role("link", name="Look after it").click()
    tab.expect_heading("Your listing")
    page.get_by_label("Price of one").fill("50")
    page.get_by_label("Category").select_option("")
    page.get_by_role("button", name="Save changes").click()
    tab.expect_heading("Selling")
    card = page.locator("article").filter(has_text="Marble Arcade")
    expect(card).to_contain_text("€50.00")
    expect(card).to_contain_text("2 left")

    card.get_by_role("link").click()
    page.get_by_role("button", name="Withdraw this listing").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw it").click()
    tab.expect_heading("Selling")
    expect(card).to_contain_text("Withdrawn")
    card.get_by_role("link").click()
    expect(page.get_by_text("You withdrew this listing.")).to_be_visible()


def test_listings_show_reserved_and_sold_units(open_tab: OpenTab, seller: User, buyer: User) -> None:
    reserved, sold = seller.list_ticket(title="Late Train Home"), seller.list_ticket(title="Old Songs")
    both = seller.list_ticket(title="Slow Machines", quantity=6)
    buyer.place_order(reserved)
    buyer.place_order(both, quantity=1)
    buyer.pay(buyer.place_order(both, quantity=2))
    order = buyer.place_order(sold)
    buyer.pay(order)
    seller.wait_for(f"/api/tickets/{reserved['id']}", status="reserved")
    seller.wait_for(f"/api/tickets/{sold['id']}", status="sold")
    eventually(lambda: assert_counts(seller, both, reserved=1, sold=2))
    page = open_tab(seller).go_to("/selling").page
    card = page.locator("article").filter(has_text="Slow Machines")
    expect(card).to_contain_text("1 reserved, 2 sold, 3 left")
    expect(page.locator("article").filter(has_text="Late Train Home")).to_contain_text("1 reserved")
    expect(page.locator("article").filter(has_text="Old Songs")).to_contain_text("1 sold")


def assert_counts(seller: User, ticket: dict[str, Any], **counts: int) -> None:
    """The listing has these counts of units."""
    listings = {each["id"]: each for each in seller.send("GET", "/api/tickets/mine").json()}
    assert {name: listings[ticket["id"]][name] for name in counts} == counts


def test_the_apis_errors_are_shown_at_their_fields(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller).go_to("/sell")
    page = tab.page
    problem = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "starts_in_past",
        "detail": "Choose a time in the future.",
        "errors": [{"message": "Choose a time in the future.", "field": "startsAt"}],
    }
    page.route(
        re.compile("/api/tickets$"),
        lambda route: route.fulfill(status=400, json=problem, content_type="application/problem+json"),
    )
    page.get_by_label("What is it for?").fill("Marble Arcade")
    page.get_by_label("Price of one").fill("48.60")
    page.get_by_role("button", name="Put it up for sale").click()
    starts = page.get_by_label("When does it start?")
    expect(starts).to_be_focused()
    expect(starts).to_have_accessible_description(re.compile("Choose a time in the future"))


def test_user_content_is_text_never_markup(open_tab: OpenTab, seller: User, buyer: User) -> None:
    title = "<img src=x onerror=document.title='owned'><b>bold</b>"
    ticket = seller.list_ticket(title=title, venue="<script>1</script>", description="<i>x</i>")
    tab = open_tab(buyer)
    tab.go_to(f"/tickets/{ticket['id']}")
    tab.expect_heading(title)
    assert tab.page.locator("main img, main b, main i:not(.strip i), main script").count() == 0
    tab.hold(ticket)
    assert tab.page.locator("aside img, aside b, aside script").count() == 0


def test_another_sellers_listing_cannot_be_edited(open_tab: OpenTab, seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    open_tab(buyer).go_to(f"/sell/{ticket['id']}").expect_heading("Nothing here")


def test_a_new_listing_is_live_and_its_address_can_be_shared(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller, permissions=["clipboard-read", "clipboard-write"]).go_to("/sell")
    page = tab.page
    page.get_by_label("What is it for?").fill("Marble Arcade")
    page.get_by_label("Price of one").fill("48.60")
    tab.button("Put it up for sale").click()
    expect(page.get_by_role("heading", name="It’s live")).to_be_visible()
    tab.button("Share it").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_part_sold_listing_can_sell_no_more(open_tab: OpenTab, seller: User, buyer: User) -> None:
    ticket = seller.list_ticket(title="Slow Machines", quantity=3)
    buyer.pay(buyer.place_order(ticket, quantity=1))
    eventually(lambda: assert_counts(seller, ticket, reserved=0, sold=1))
    tab = open_tab(seller).go_to(f"/sell/{ticket['id']}")
    page = tab.page
    expect(page.get_by_text("1 sold, 2 left")).to_be_visible()
    expect(tab.button("Withdraw this listing")).to_have_count(0)
    tab.button("Sell no more").click()
    page.get_by_role("dialog").get_by_role("button", name="Sell no more").click()
    expect(page.get_by_text("It is sold.")).to_be_visible()
    sold = seller.wait_for(f"/api/tickets/{ticket['id']}", status="sold")
    assert (sold["quantity"], sold["available"]) == (1, 0)


def test_a_started_event_is_not_for_sale_to_its_seller(open_tab: OpenTab, seller: User) -> None:
    ticket = seller.list_ticket(title="Old Songs", startsAt="2031-12-05T19:00:00Z")
    tab = open_tab(seller)

    def as_started(route: Route) -> None:
        text = route.fetch().text().replace("2031-12-05T19", "2020-12-05T19")
        route.fulfill(body=text, content_type="application/json")

    tab.page.route(re.compile(r"/api/tickets/"), as_started)
    tab.go_to("/selling")
    card = tab.page.locator("article").filter(has_text="Old Songs")
    expect(card).to_contain_text("Started")
    expect(card).not_to_contain_text("For sale")
    tab.go_to(f"/tickets/{ticket['id']}")
    expect(tab.page.get_by_text("It has started, so it is no longer for sale.")).to_be_visible()


def test_my_tickets_have_the_next_event_first_and_past_ones_apart(
    open_tab: OpenTab, seller: User, buyer: User
) -> None:
    for title, year in (("Later", "2032"), ("Sooner", "2031"), ("Long ago", "2030")):
        order = buyer.place_order(seller.list_ticket(title=title, startsAt=f"{year}-12-05T19:00:00Z"))
        buyer.pay(order)
        buyer.wait_for(f"/api/orders/{order['id']}", status="completed")
    tab = open_tab(buyer)

    def as_past(route: Route) -> None:
        text = route.fetch().text().replace("2030-12-05", "2020-12-05")
        route.fulfill(body=text, content_type="application/json")

    tab.page.route(re.compile(r"/api/orders"), as_past)
    page = tab.go_to("/orders").page
    expect(page.locator(".owned h2")).to_have_text(["Sooner", "Later"])
    expect(page.locator("section.past")).to_contain_text("Past events")
    expect(page.locator("section.past")).to_contain_text("Long ago")
