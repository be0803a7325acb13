"""Paying: the whole way by mouse, and every way it can go wrong."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import Open
from tests.e2e.shopper import ASKS_BANK, DECLINED, Shopper
from tests.support.users import User


@pytest.fixture
def ticket(seller: User) -> dict[str, Any]:
    """A ticket somebody sells."""
    return seller.list_ticket(venue="Halcyon Hall", city="Rotterdam", startsAt="2031-12-05T19:00:00Z")


@pytest.fixture
def paying(shopper: Open, buyer: User, ticket: dict[str, Any]) -> Shopper:
    """A buyer who holds the ticket and sees the card form."""
    somebody = shopper(buyer)
    somebody.holds(ticket)
    expect(somebody.page.get_by_label("Card number")).to_be_visible()
    return somebody


def test_a_purchase_by_mouse(paying: Shopper, buyer: User) -> None:
    order = paying.page.url.rsplit("/", 1)[-1]
    paying.pays()
    paying.sees("You’re going.")
    buyer.wait_for(f"/api/orders/{order}", status="completed", total=4860)
    paying.page.get_by_role("main").get_by_role("link", name="My tickets").click()
    expect(paying.page.get_by_role("link", name="Marble Arcade")).to_be_visible()


def test_a_purchase_with_the_banks_own_question(paying: Shopper) -> None:
    paying.pays(ASKS_BANK)
    paying.page.frame_locator("iframe").get_by_role("button", name="Complete").click()
    paying.sees("You’re going.")


def test_check_19_a_decline_keeps_the_hold_and_the_form(paying: Shopper) -> None:
    paying.pays(DECLINED)
    alert = paying.page.get_by_role("alert").filter(has_text="Card declined")
    expect(alert).to_contain_text(re.compile(r"still held for 1[45] minutes"))
    expect(paying.page.get_by_label("Card number")).to_have_value("4000 0000 0000 0002")
    paying.pays()
    paying.sees("You’re going.")


def test_on_a_phone_a_decline_is_not_hidden_behind_the_pay_bar(
    shopper: Open, buyer: User, ticket: dict[str, Any]
) -> None:
    paying = shopper(buyer, viewport=PHONE)
    paying.holds(ticket)
    paying.pays(DECLINED)
    alert = paying.page.get_by_role("alert").filter(has_text="Card declined")
    expect(alert).to_be_in_viewport(ratio=1)
    said, bar = alert.bounding_box(), paying.page.locator(".paybar").bounding_box()
    assert said
    assert bar
    assert said["y"] + said["height"] <= bar["y"]


def test_on_a_phone_what_became_of_the_payment_comes_into_view(
    shopper: Open, buyer: User, ticket: dict[str, Any]
) -> None:
    paying = shopper(buyer, viewport=PHONE)
    paying.holds(ticket)
    paying.page.get_by_label("Security code").scroll_into_view_if_needed()
    paying.pays()
    paying.sees("You’re going.")
    expect(paying.h1).to_be_focused()
    expect(paying.h1).to_be_in_viewport()


def test_check_20_a_double_click_makes_one_payment(paying: Shopper) -> None:
    confirms: list[str] = []
    paying.page.on("request", lambda sent: confirms.append(sent.url) if "/confirm" in sent.url else None)
    paying.fills_card()
    paying.pay_button.dblclick()
    paying.sees("You’re going.")
    assert len(confirms) == 1


def test_check_21_a_reload_while_confirming_ends_right(paying: Shopper) -> None:
    paying.fills_card()
    with paying.page.expect_response(re.compile("/confirm$")):
        paying.pay_button.click()
    paying.page.reload()
    paying.sees("You’re going.")


def test_check_21_a_tab_closed_mid_payment_ends_right(paying: Shopper) -> None:
    paying.fills_card()
    address, context = paying.page.url, paying.page.context
    with paying.page.expect_response(re.compile("/confirm$")):
        paying.pay_button.click()
    paying.page.close()
    again = Shopper(context.new_page())
    again.page.goto(address)
    again.sees("You’re going.")


def test_check_21_a_reload_before_paying_keeps_the_hold(paying: Shopper) -> None:
    paying.page.reload()
    paying.sees("Pay for your ticket")
    paying.pays()
    paying.sees("You’re going.")


def test_check_22_confirming_until_the_order_says_completed(paying: Shopper) -> None:
    still_pending = {"on": True}

    def answer(route: Route) -> None:
        said = route.fetch()
        body = said.json()
        if still_pending["on"]:
            body["status"] = "pending"
        route.fulfill(response=said, json=body)

    paying.page.route(re.compile(r"/api/orders/[^/]+$"), answer)
    paying.pays()
    paying.sees("Confirming with your bank")
    paying.page.wait_for_timeout(3000)
    paying.sees("Confirming with your bank")
    still_pending["on"] = False
    paying.sees("You’re going.")


def test_the_network_is_lost_while_paying_and_nothing_is_guessed(paying: Shopper) -> None:
    def swallow(route: Route) -> None:
        route.fetch()  # it arrives, but the answer is lost
        route.abort()

    paying.page.route(re.compile("/confirm$"), swallow)
    paying.pays()
    expect(paying.page.get_by_role("alert").filter(has_text="We lost the connection")).to_be_visible()
    paying.button("Check what happened").click()
    paying.sees("You’re going.")


def test_the_network_is_lost_before_the_bank_hears_and_paying_again_works(paying: Shopper) -> None:
    context = paying.page.context
    paying.fills_card()
    context.set_offline(True)
    paying.pay_button.click()
    expect(paying.page.get_by_role("alert").filter(has_text="We lost the connection")).to_be_visible()
    expect(paying.page.get_by_text("You’re offline")).to_be_visible()
    context.set_offline(False)
    expect(paying.pay_button).to_be_enabled()
    paying.pay_button.click()
    paying.sees("You’re going.")


def test_releasing_a_hold_puts_the_ticket_back(paying: Shopper, buyer: User, ticket: dict[str, Any]) -> None:
    paying.button(re.compile("Release the ticket")).click()
    paying.sees("Marble Arcade")
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available")
    expect(paying.button(re.compile("^Hold"))).to_be_visible()
