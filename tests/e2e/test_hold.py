"""A ticket's page, and who gets the ticket."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import Open
from tests.support.users import User, eventually

# The visible buttons that hold, if a visible total stands before each of them.
BUTTONS_AFTER_A_TOTAL = """() => {
  const seen = (element) => element.getClientRects().length > 0
  const totals = [...document.querySelectorAll('.total dd, .paybar .price')].filter(seen)
  const buttons = [...document.querySelectorAll('button')]
    .filter((button) => seen(button) && button.textContent.startsWith('Hold'))
  const before = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING
  return buttons.every((button) => totals.some((total) => before(total, button))) ? buttons.length : 0
}"""


@pytest.fixture
def ticket(seller: User) -> dict[str, Any]:
    """A ticket somebody sells, for one."""
    return seller.list_ticket(city="Rotterdam", startsAt="2031-12-05T19:00:00Z")


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_check_08_the_total_stands_before_the_button(
    shopper: Open, ticket: dict[str, Any], settings: dict[str, Any]
) -> None:
    somebody = shopper(**settings).goes_to(f"/tickets/{ticket['id']}")
    order = somebody.page.evaluate(BUTTONS_AFTER_A_TOTAL)
    assert order == 1
    expect(somebody.page.locator(".total dd")).to_have_text("€48.60")


def test_check_09_two_buyers_click_and_the_second_reads_a_sentence(
    shopper: Open, ticket: dict[str, Any], buyer: User, local_url: str
) -> None:
    first, second = shopper(buyer), shopper(User(local_url, signed_up=True))
    for each in (first, second):
        each.goes_to(f"/tickets/{ticket['id']}")
    seconds_button = second.button(re.compile("^Hold"))
    expect(seconds_button).to_be_visible()
    first.button(re.compile("^Hold")).click()
    first.sees("Pay for your ticket")
    # The second page may have heard by itself meanwhile; either way it reads the same words.
    if seconds_button.is_visible():
        seconds_button.click(timeout=1000, no_wait_after=True)
    expect(second.page.get_by_role("heading", name="Somebody is paying for this one")).to_be_visible()
    assert "409" not in second.page.inner_text("body")
    expect(second.page.get_by_role("link", name="More tickets in Rotterdam")).to_be_visible()


def test_check_09_a_ticket_that_comes_back_can_be_held_without_a_reload(
    shopper: Open, ticket: dict[str, Any], buyer: User, local_url: str
) -> None:
    order = buyer.place_order(ticket)
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="reserved")
    second = shopper(User(local_url, signed_up=True)).goes_to(f"/tickets/{ticket['id']}")
    expect(second.page.get_by_text("Somebody is paying for this one")).to_be_visible()
    buyer.send("DELETE", f"/api/orders/{order['id']}")
    second.button(re.compile("^Hold")).click()
    second.sees("Pay for your ticket")


def test_two_browsers_race_for_one_ticket_and_one_wins(
    shopper: Open, ticket: dict[str, Any], local_url: str
) -> None:
    racers = [shopper(User(local_url, signed_up=True)) for _ in range(2)]
    for each in racers:
        each.goes_to(f"/tickets/{ticket['id']}")
        expect(each.button(re.compile("^Hold"))).to_be_visible()
    for each in racers:  # both clicks are on their way before either is answered
        each.page.evaluate("setTimeout(() => document.querySelector('.panel .btn').click(), 50)")
    eventually(lambda: _one_pays(racers))
    [loser] = [each for each in racers if "/orders/" not in each.page.url]
    expect(loser.page.get_by_role("heading", name="Somebody is paying for this one")).to_be_visible()


def _one_pays(racers: list[Any]) -> None:
    for each in racers:
        each.page.wait_for_timeout(100)
    assert sorted("/orders/" in each.page.url for each in racers) == [False, True]


def test_check_10_nothing_irreversible_is_shown_before_the_server_said_so(
    shopper: Open, ticket: dict[str, Any], seller: User, buyer: User
) -> None:
    somebody = shopper(buyer).goes_to(f"/tickets/{ticket['id']}")
    page = somebody.page

    def slowly(route: Route) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/api/orders", slowly)
    somebody.button(re.compile("^Hold")).click()
    expect(somebody.button("Holding it…")).to_be_visible()
    assert "/orders/" not in page.url
    expect(page.get_by_role("timer")).to_have_count(0)
    somebody.sees("Pay for your ticket")


def test_check_11_a_seller_sees_why_a_reserved_ticket_is_locked(
    shopper: Open, ticket: dict[str, Any], seller: User, buyer: User
) -> None:
    order = buyer.place_order(ticket)
    seller.wait_for(f"/api/tickets/{ticket['id']}", status="reserved")
    selling = shopper(seller).goes_to(f"/sell/{ticket['id']}")
    expect(selling.page.get_by_role("heading", name="Locked for now")).to_be_visible()
    expect(selling.page.get_by_text("Somebody is paying for it right now.")).to_be_visible()
    withdraw = selling.page.get_by_role("button", name="Withdraw this listing")
    expect(withdraw).to_have_attribute("aria-disabled", "true")
    expect(withdraw).to_have_accessible_description(re.compile("1 ticket is reserved or sold"))
    expect(selling.page.get_by_label("Price of one")).to_have_count(0)
    buyer.send("DELETE", f"/api/orders/{order['id']}")
    expect(selling.page.get_by_label("Price of one")).to_be_visible()  # by itself


def test_a_hold_is_found_again_after_back(shopper: Open, ticket: dict[str, Any], buyer: User) -> None:
    somebody = shopper(buyer)
    somebody.holds(ticket)
    somebody.page.go_back()
    expect(somebody.page.get_by_role("heading", name="You are holding this one")).to_be_visible()
    somebody.page.get_by_role("link", name="Carry on paying").click()
    somebody.sees("Pay for your ticket")
    somebody.page.reload()
    somebody.sees("Pay for your ticket")


def test_several_tickets_are_held_and_paid_for_together(shopper: Open, seller: User, buyer: User) -> None:
    many = seller.list_ticket(quantity=5, price=2000)
    somebody = shopper(buyer).goes_to(f"/tickets/{many['id']}")
    somebody.page.get_by_label("How many").select_option("3")
    expect(somebody.page.locator(".total dd")).to_have_text("€60.00")
    somebody.button(re.compile("^Hold")).click()
    expect(somebody.pay_button).to_have_text("Pay €60.00")


def test_a_price_that_changed_is_seen_before_anything_is_held(
    shopper: Open, ticket: dict[str, Any], seller: User, buyer: User
) -> None:
    somebody = shopper(buyer).goes_to(f"/tickets/{ticket['id']}")
    expect(somebody.page.locator(".total dd")).to_have_text("€48.60")
    seller.send("PUT", f"/api/tickets/{ticket['id']}", price=5000)
    eventually(lambda: _priced(buyer, ticket, 5000))
    somebody.page.wait_for_timeout(1500)  # orders hears of it
    somebody.button(re.compile("^Hold")).click()
    expect(somebody.page.get_by_role("alert")).to_contain_text("The price changed")
    expect(somebody.page.locator(".total dd")).to_have_text("€50.00")
    somebody.button(re.compile("^Hold")).click()
    expect(somebody.pay_button).to_have_text("Pay €50.00")


def _priced(person: User, ticket: dict[str, Any], price: int) -> None:
    assert person.send("GET", f"/api/tickets/{ticket['id']}").json()["price"] == price


def test_a_lost_reply_does_not_hold_twice(shopper: Open, ticket: dict[str, Any], buyer: User) -> None:
    somebody = shopper(buyer).goes_to(f"/tickets/{ticket['id']}")
    lost = {"replies": 1}

    def swallow(route: Route) -> None:
        if route.request.method == "POST" and lost["replies"]:
            lost["replies"] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    somebody.page.route("**/api/orders", swallow)
    somebody.button(re.compile("^Hold")).click()
    somebody.sees("Pay for your ticket")
    assert len(buyer.send("GET", "/api/orders").json()) == 1
