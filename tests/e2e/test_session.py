"""Signing up, in and out; a session that renews itself; coming back to what they were doing."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open
from tests.e2e.shopper import Shopper
from tests.support.users import User

FRONT = re.compile("You can.$")


@pytest.fixture
def ticket(seller: User) -> dict[str, Any]:
    """A ticket somebody sells."""
    return seller.list_ticket(city="Rotterdam", startsAt="2031-12-05T19:00:00Z")


def signs_in(somebody: Shopper, email: str, password: str, button: str = "Sign in") -> None:
    somebody.page.get_by_label("E-mail").fill(email)
    somebody.page.get_by_label("Password", exact=True).fill(password)
    somebody.page.get_by_role("main").get_by_role("button", name=button).click()


def test_signing_up_then_out_then_in(shopper: Open) -> None:
    somebody, email = shopper(), f"{uuid4().hex[:12]}@tiketz.test"
    somebody.goes_to("/signup")
    signs_in(somebody, email, "correct horse battery", "Make my account")
    somebody.sees(FRONT)
    expect(somebody.page.get_by_text(f"Signed in as {email}")).to_be_visible()
    somebody.page.reload()
    expect(somebody.page.get_by_text(f"Signed in as {email}")).to_be_visible()
    somebody.page.get_by_role("button", name="Sign out").first.click()
    expect(somebody.page.get_by_role("link", name="Sign in").first).to_be_visible()
    somebody.goes_to("/orders")
    somebody.sees("Sign in")
    signs_in(somebody, email, "correct horse battery")
    somebody.sees("My tickets")


def test_a_wrong_password_and_a_taken_email_are_said_in_place(shopper: Open, buyer: User) -> None:
    somebody = shopper().goes_to("/signin")
    signs_in(somebody, buyer.email, "not the password")
    expect(somebody.page.get_by_role("alert")).to_be_visible()
    somebody.goes_to("/signup")
    signs_in(somebody, buyer.email, "correct horse battery", "Make my account")
    email = somebody.page.get_by_label("E-mail")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_be_focused()


def test_a_hold_waits_for_the_sign_in_and_is_placed_then(
    shopper: Open, ticket: dict[str, Any], buyer: User
) -> None:
    somebody = shopper().goes_to(f"/tickets/{ticket['id']}")
    somebody.button(re.compile("^Hold")).click()
    somebody.sees("Sign in")
    expect(somebody.page.get_by_text("Then we hold your ticket")).to_be_visible()
    somebody.page.reload()
    signs_in(somebody, buyer.email, buyer.password)
    somebody.sees("Pay for your ticket")
    assert len(buyer.send("GET", "/api/orders").json()) == 1


def test_a_hold_waits_for_joining_too(shopper: Open, ticket: dict[str, Any]) -> None:
    somebody = shopper().goes_to(f"/tickets/{ticket['id']}")
    somebody.button(re.compile("^Hold")).click()
    somebody.page.get_by_role("link", name="Make an account").click()
    signs_in(somebody, f"{uuid4().hex[:12]}@tiketz.test", "correct horse battery", "Make my account")
    somebody.sees("Pay for your ticket")


def test_a_session_that_ran_out_renews_itself(shopper: Open, buyer: User, ticket: dict[str, Any]) -> None:
    somebody = shopper(buyer)
    context = somebody.page.context
    context.clear_cookies(name="__Host-session")
    somebody.goes_to("/orders")
    somebody.sees("My tickets")
    context.clear_cookies(name="__Host-session")
    somebody.holds(ticket)


def test_two_tabs_renew_one_session_without_signing_anybody_out(shopper: Open, buyer: User) -> None:
    one = shopper(buyer)
    context = one.page.context
    other = Shopper(context.new_page())
    for _ in range(3):
        context.clear_cookies(name="__Host-session")
        for tab in (one, other):
            tab.page.goto("/orders", wait_until="commit")
        for tab in (one, other):
            tab.sees("My tickets")


def test_a_session_that_is_gone_for_good_leads_back_to_what_was_typed(shopper: Open, seller: User) -> None:
    somebody = shopper(seller).goes_to("/sell")
    page = somebody.page
    page.get_by_label("What is it for?").fill("Deep Field")
    page.get_by_label("Price of one").fill("31")
    page.context.clear_cookies()
    page.get_by_role("button", name="Put it up for sale").click()
    somebody.sees("Sign in")
    signs_in(somebody, seller.email, seller.password)
    expect(page.get_by_label("What is it for?")).to_have_value("Deep Field")
    page.get_by_role("button", name="Put it up for sale").click()
    somebody.sees("Deep Field")


def test_somebody_elses_order_is_not_found(
    shopper: Open, buyer: User, ticket: dict[str, Any], local_url: str
) -> None:
    order = buyer.place_order(ticket)
    somebody = shopper(User(local_url, signed_up=True)).goes_to(f"/orders/{order['id']}")
    somebody.sees("Nothing here")


def test_signing_out_forgets_everything_of_theirs(shopper: Open, buyer: User, ticket: dict[str, Any]) -> None:
    somebody = shopper(buyer)
    somebody.holds(ticket)
    somebody.page.get_by_role("button", name="Sign out").first.click()
    somebody.sees(FRONT)
    somebody.page.go_back()
    somebody.sees("Sign in")
