"""The ticket's page, and which buyer gets the ticket."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import OpenTab
from tests.support.users import User, eventually

# The number of visible buttons that hold, 0 where one of them has no visible total before it.
BUTTONS_AFTER_A_TOTAL = """() => {
  const isVisible = (element) => element.getClientRects().length > 0
  const totals = [...document.querySelectorAll('.total dd, .bar-price .price')].filter(isVisible)
  const buttons = [...document.querySelectorAll('button')]
    .filter((button) => isVisible(button) && button.textContent.startsWith('Hold'))
  const before = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING
  return buttons.every((button) => totals.some((total) => before(total, button))) ? buttons.length : 0
}"""


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_the_total_precedes_the_button(
    open_tab: OpenTab, ticket: dict[str, Any], settings: dict[str, Any]
) -> None:
    tab = open_tab(**settings).go_to(f"/tickets/{ticket['id']}")
    assert tab.page.evaluate(BUTTONS_AFTER_A_TOTAL) == 1
    expect(tab.page.locator(".total dd")).to_have_text("€48.60")


def test_the_second_of_two_buyers_reads_why_the_ticket_is_taken(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User, local_url: str
) -> None:
    first, second = open_tab(buyer), open_tab(User(local_url, signed_up=True))
    for each in (first, second):
        each.go_to(f"/tickets/{ticket['id']}")
    expect(second.button(re.compile("^Hold"))).to_be_visible()
    first.button(re.compile("^Hold")).click()
    first.expect_heading("Pay for your ticket")
    second.button(re.compile("^Hold")).click()
    expect(second.page.get_by_role("heading", name="Somebody is paying for this one")).to_be_visible()
    assert "409" not in second.page.inner_text("body")
    expect(second.page.get_by_role("link", name="More tickets in Rotterdam")).to_be_visible()


def test_a_released_ticket_can_be_held_without_a_reload(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User, local_url: str
) -> None:
    order = buyer.place_order(ticket)
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="reserved")
    second = open_tab(User(local_url, signed_up=True)).go_to(f"/tickets/{ticket['id']}")
    expect(second.page.get_by_text("Somebody is paying for this one")).to_be_visible()
    buyer.send("DELETE", f"/api/orders/{order['id']}")
    second.button(re.compile("^Hold")).click()
    second.expect_heading("Pay for your ticket")


def test_one_of_two_racing_browsers_gets_the_ticket(
    open_tab: OpenTab, ticket: dict[str, Any], local_url: str
) -> None:
    tabs = [open_tab(User(local_url, signed_up=True)) for _ in range(2)]
    for each in tabs:
        each.go_to(f"/tickets/{ticket['id']}")
        expect(each.button(re.compile("^Hold"))).to_be_visible()
    for each in tabs:  # both clicks precede either response
        each.page.evaluate("setTimeout(() => document.querySelector('.panel .btn').click(), 50)")
    tabs[0].wait_until(lambda: any("/orders/" in each.page.url for each in tabs))
    [loser] = [each for each in tabs if "/orders/" not in each.page.url]
    expect(loser.page.get_by_role("heading", name="Somebody is paying for this one")).to_be_visible()


def test_a_hold_is_shown_only_after_the_response(
    open_tab: OpenTab, ticket: dict[str, Any], seller: User, buyer: User
) -> None:
    tab = open_tab(buyer).go_to(f"/tickets/{ticket['id']}")
    page = tab.page

    def respond_late(route: Route) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/api/orders", respond_late)
    tab.button(re.compile("^Hold")).click()
    expect(tab.button("Holding it…")).to_be_visible()
    assert "/orders/" not in page.url
    expect(page.get_by_role("timer")).to_have_count(0)
    tab.expect_heading("Pay for your ticket")


def test_a_seller_sees_why_a_reserved_ticket_is_locked(
    open_tab: OpenTab, ticket: dict[str, Any], seller: User, buyer: User
) -> None:
    order = buyer.place_order(ticket)
    seller.wait_for(f"/api/tickets/{ticket['id']}", status="reserved")
    tab = open_tab(seller).go_to(f"/sell/{ticket['id']}")
    expect(tab.page.get_by_role("heading", name="Locked for now")).to_be_visible()
    expect(tab.page.get_by_text("Somebody is paying for it right now.")).to_be_visible()
    withdraw = tab.page.get_by_role("button", name="Withdraw this listing")
    expect(withdraw).to_have_attribute("aria-disabled", "true")
    expect(withdraw).to_have_accessible_description(re.compile("1 ticket is reserved or sold"))
    expect(tab.page.get_by_label("Price of one")).to_have_count(0)
    buyer.send("DELETE", f"/api/orders/{order['id']}")
    expect(tab.page.get_by_label("Price of one")).to_be_visible()  # without a reload


def test_a_hold_is_still_there_after_going_back(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User
) -> None:
    tab = open_tab(buyer)
    tab.hold(ticket)
    tab.page.go_back()
    expect(tab.page.get_by_role("heading", name="You are holding this one")).to_be_visible()
    tab.page.get_by_role("link", name="Carry on paying").click()
    tab.expect_heading("Pay for your ticket")
    tab.page.reload()
    tab.expect_heading("Pay for your ticket")


def test_several_units_are_held_and_paid_together(open_tab: OpenTab, seller: User, buyer: User) -> None:
    many = seller.list_ticket(quantity=5, price=2000)
    tab = open_tab(buyer).go_to(f"/tickets/{many['id']}")
    tab.page.get_by_label("How many").select_option("3")
    expect(tab.page.locator(".total dd")).to_have_text("€60.00")
    tab.button(re.compile("^Hold")).click()
    expect(tab.pay_button).to_have_text("Pay €60.00")


def test_a_changed_price_is_shown_before_the_hold(
    open_tab: OpenTab, ticket: dict[str, Any], seller: User, buyer: User, local_url: str
) -> None:
    tab = open_tab(buyer).go_to(f"/tickets/{ticket['id']}")
    expect(tab.page.locator(".total dd")).to_have_text("€48.60")
    seller.send("PUT", f"/api/tickets/{ticket['id']}", price=5000)
    wait_for_price(User(local_url, signed_up=True), ticket, 5000)
    tab.button(re.compile("^Hold")).click()
    expect(tab.page.get_by_role("alert")).to_contain_text("The price changed")
    expect(tab.page.locator(".total dd")).to_have_text("€50.00")
    tab.button(re.compile("^Hold")).click()
    expect(tab.pay_button).to_have_text("Pay €50.00")


def wait_for_price(user: User, ticket: dict[str, Any], price: int) -> None:
    """Wait until the orders service sells the ticket at this price, by placing an order and cancelling it."""
    order = eventually(lambda: user.place_order(ticket, price=price))
    user.send("DELETE", f"/api/orders/{order['id']}")
    user.wait_for(f"/api/tickets/{ticket['id']}", status="available", price=price)


def test_a_lost_response_does_not_place_two_holds(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User
) -> None:
    tab = open_tab(buyer).go_to(f"/tickets/{ticket['id']}")
    remaining = {"losses": 1}

    def lose_response(route: Route) -> None:
        if route.request.method == "POST" and remaining["losses"]:
            remaining["losses"] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    tab.page.route("**/api/orders", lose_response)
    tab.button(re.compile("^Hold")).click()
    tab.expect_heading("Pay for your ticket")
    assert len(buyer.send("GET", "/api/orders").json()) == 1


def test_a_buyer_who_let_a_ticket_go_twice_reads_why_it_is_not_held(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User
) -> None:
    for _ in range(2):
        order = buyer.place_order(ticket)
        assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available")
    tab = open_tab(buyer).go_to(f"/tickets/{ticket['id']}")
    tab.button(re.compile("^Hold")).click()
    expect(tab.page.get_by_role("alert")).to_contain_text("You let this one go more than once.")


def test_an_order_that_was_closed_after_declined_cards_says_so(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User
) -> None:
    order = buyer.place_order(ticket)
    payment = buyer.start_payment(order)
    for _ in range(5):
        buyer.confirm_payment(payment, "pm_card_chargeDeclined")
    buyer.wait_for(f"/api/orders/{order['id']}", status="cancelled")
    tab = open_tab(buyer).go_to(f"/orders/{order['id']}")
    tab.expect_heading("Too many cards were declined")
