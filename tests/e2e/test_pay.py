"""Paying, and everything that can go wrong with it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from local.process import EnvironmentProcess
from tests.e2e.browsers import PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import DECLINED, NEEDS_3DS, Tab
from tests.support.users import User


@pytest.fixture
def tab(open_tab: OpenTab, buyer: User, ticket: dict[str, Any]) -> Tab:
    """The checkout of a buyer who holds the ticket."""
    tab = open_tab(buyer)
    tab.hold(ticket)
    expect(tab.page.get_by_label("Card number")).to_be_visible()
    return tab


def test_a_purchase(tab: Tab, buyer: User) -> None:
    order = tab.page.url.rsplit("/", 1)[-1]
    tab.pay()
    tab.expect_heading("You’re going.")
    buyer.wait_for(f"/api/orders/{order}", status="completed", total=4860)
    tab.page.get_by_role("main").get_by_role("link", name="My tickets").click()
    expect(tab.page.get_by_role("link", name="Marble Arcade")).to_be_visible()


def test_a_purchase_with_3d_secure(tab: Tab) -> None:
    tab.pay(NEEDS_3DS)
    tab.page.frame_locator("iframe").get_by_role("button", name="Complete").click()
    tab.expect_heading("You’re going.")


def test_a_declined_card_keeps_the_hold_and_the_form(tab: Tab) -> None:
    tab.pay(DECLINED)
    alert = tab.page.get_by_role("alert").filter(has_text="Your card was declined.")
    expect(alert).to_contain_text(re.compile(r"still held for 1[45] minutes"))
    assert alert.inner_text().count("declined") == 1
    expect(tab.page.get_by_label("Card number")).to_have_value("4000 0000 0000 0002")
    tab.pay()
    tab.expect_heading("You’re going.")


def test_a_decline_is_visible_above_a_phones_action_bar(
    open_tab: OpenTab, buyer: User, ticket: dict[str, Any]
) -> None:
    tab = open_tab(buyer, viewport=PHONE)
    tab.hold(ticket)
    tab.pay(DECLINED)
    alert = tab.page.get_by_role("alert").filter(has_text="Your card was declined.")
    expect(alert).to_be_in_viewport(ratio=1)
    message, bar = alert.bounding_box(), tab.page.locator(".action-bar").bounding_box()
    assert message
    assert bar
    assert message["y"] + message["height"] <= bar["y"]


def test_the_result_of_the_payment_scrolls_into_view_on_a_phone(
    open_tab: OpenTab, buyer: User, ticket: dict[str, Any]
) -> None:
    tab = open_tab(buyer, viewport=PHONE)
    tab.hold(ticket)
    tab.page.get_by_label("Security code").scroll_into_view_if_needed()
    tab.pay()
    tab.expect_heading("You’re going.")
    expect(tab.h1).to_be_focused()
    expect(tab.h1).to_be_in_viewport()


def test_a_double_click_makes_one_payment(tab: Tab) -> None:
    requests: list[str] = []
    tab.page.on("request", lambda request: requests.append(request.url))
    tab.fill_card()
    tab.pay_button.dblclick()
    tab.expect_heading("You’re going.")
    assert len([url for url in requests if "/confirm" in url]) == 1


def test_a_reload_while_confirming_ends_in_a_paid_order(tab: Tab) -> None:
    tab.fill_card()
    with tab.page.expect_response(re.compile("/confirm$")):
        tab.pay_button.click()
    tab.page.reload()
    tab.expect_heading("You’re going.")


def test_a_tab_closed_while_confirming_ends_in_a_paid_order(tab: Tab) -> None:
    tab.fill_card()
    address, context = tab.page.url, tab.page.context
    with tab.page.expect_response(re.compile("/confirm$")):
        tab.pay_button.click()
    tab.page.close()
    again = Tab(context.new_page())
    again.page.goto(address)
    again.expect_heading("You’re going.")


def test_a_reload_before_paying_keeps_the_hold(tab: Tab) -> None:
    tab.page.reload()
    tab.expect_heading("Pay for your ticket")
    tab.pay()
    tab.expect_heading("You’re going.")


def test_the_page_confirms_until_the_order_is_completed(tab: Tab) -> None:
    responses: list[str] = []

    def respond_pending(route: Route) -> None:
        response = route.fetch()
        responses.append(response.json()["status"])
        route.fulfill(response=response, json={**response.json(), "status": "pending"})

    order = re.compile(r"/api/orders/[^/]+$")
    tab.page.route(order, respond_pending)
    tab.pay()
    tab.expect_heading("Confirming with your bank")
    tab.wait_until(lambda: responses.count("completed") > 1)
    tab.expect_heading("Confirming with your bank")
    tab.page.unroute(order)
    tab.expect_heading("You’re going.")


def test_a_lost_response_while_paying_is_checked_with_stripe(tab: Tab) -> None:
    def lose_response(route: Route) -> None:
        route.fetch()
        route.abort()

    tab.page.route(re.compile("/confirm$"), lose_response)
    tab.pay()
    expect(tab.page.get_by_role("alert").filter(has_text="We lost the connection")).to_be_visible()
    tab.button("Check what happened").click()
    tab.expect_heading("You’re going.")


def test_a_payment_that_was_never_sent_can_be_repeated(tab: Tab) -> None:
    context = tab.page.context
    tab.fill_card()
    context.set_offline(True)
    tab.pay_button.click()
    expect(tab.page.get_by_role("alert").filter(has_text="We lost the connection")).to_be_visible()
    expect(tab.page.get_by_text("You’re offline")).to_be_visible()
    context.set_offline(False)
    expect(tab.pay_button).to_be_enabled()
    tab.pay_button.click()
    tab.expect_heading("You’re going.")


def test_going_back_keeps_the_hold(tab: Tab, buyer: User, ticket: dict[str, Any]) -> None:
    address = tab.page.url
    tab.page.get_by_role("link", name="Back to the ticket").click()
    expect(tab.page.get_by_role("heading", name="You are holding this one")).to_be_visible()
    tab.page.goto(address)
    tab.expect_heading("Pay for your ticket")
    tab.page.go_back()
    buyer.wait_for(f"/api/orders/{address.rsplit('/', 1)[-1]}", status="pending")


def test_releasing_a_hold_is_confirmed_and_puts_the_ticket_back_on_sale(
    tab: Tab, buyer: User, ticket: dict[str, Any]
) -> None:
    order = tab.page.url.rsplit("/", 1)[-1]
    dialog = tab.page.get_by_role("dialog", name="Release your ticket?")
    tab.button("Release the ticket").click()
    dialog.get_by_role("button", name="Keep holding").click()
    expect(dialog).to_be_hidden()
    assert buyer.send("GET", f"/api/orders/{order}").json()["status"] == "pending"
    tab.button("Release the ticket").click()
    dialog.get_by_role("button", name="Release").click()
    tab.expect_heading("Marble Arcade")
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available")
    expect(tab.button(re.compile("^Hold"))).to_be_visible()


def test_every_page_shows_what_is_held_until_it_is_paid(tab: Tab) -> None:
    page, order = tab.page, tab.page.url
    reminder = page.get_by_role("complementary", name="Held for you")
    expect(reminder).to_have_count(0)  # the page has a bar with the time
    for path in ("/", "/sell", "/selling", "/account", "/help", "/orders"):
        tab.go_to(path)
        expect(reminder).to_contain_text("Marble Arcade")
        expect(reminder.get_by_role("timer")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    reminder.get_by_role("link").click()
    expect(page).to_have_url(order)
    tab.pay()
    tab.expect_heading("You’re going.")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Browse").click()
    tab.expect_heading(re.compile("Somebody"))
    expect(reminder).to_have_count(0)


def test_the_banks_window_closes_when_the_hold_ends(
    open_tab: OpenTab, short_hold_env: EnvironmentProcess
) -> None:
    seller, buyer = (User(short_hold_env.url, signed_up=True) for _ in range(2))
    tab = open_tab(buyer, env=short_hold_env)
    tab.hold(seller.list_ticket())
    tab.pay(NEEDS_3DS)
    bank = tab.page.frame_locator("iframe").get_by_role("button", name="Complete")
    expect(bank).to_be_visible()
    tab.expect_heading("The hold ran out")
    expect(bank).to_have_count(0)
    expect(tab.page.locator("iframe")).to_have_count(0)
