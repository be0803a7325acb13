"""Signing up, in and out; refreshing the session; returning to the page before."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab
from tests.support.users import User

FRONT_PAGE = re.compile("You can.$")


def sign_in(tab: Tab, email: str, password: str, button: str = "Sign in") -> None:
    tab.page.get_by_label("E-mail").fill(email)
    tab.page.get_by_label("Password", exact=True).fill(password)
    tab.page.get_by_role("main").get_by_role("button", name=button).click()


def test_signing_up_out_and_in(open_tab: OpenTab) -> None:
    tab, email = open_tab(), f"{uuid4().hex[:12]}@tiketz.test"
    tab.go_to("/signup")
    sign_in(tab, email, "correct horse battery", "Make my account")
    tab.expect_heading(FRONT_PAGE)
    expect(tab.page.get_by_text(f"Signed in as {email}")).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_text(f"Signed in as {email}")).to_be_visible()
    tab.page.get_by_role("button", name="Sign out").first.click()
    expect(tab.page.get_by_role("link", name="Sign in").first).to_be_visible()
    tab.go_to("/orders")
    tab.expect_heading("Sign in")
    sign_in(tab, email, "correct horse battery")
    tab.expect_heading("My tickets")


def test_a_wrong_password_and_a_taken_email_are_shown_in_place(open_tab: OpenTab, buyer: User) -> None:
    tab = open_tab().go_to("/signin")
    sign_in(tab, buyer.email, "not the password")
    expect(tab.page.get_by_role("alert")).to_be_visible()
    tab.go_to("/signup")
    sign_in(tab, buyer.email, "correct horse battery", "Make my account")
    email = tab.page.get_by_label("E-mail")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_be_focused()


def test_a_pending_hold_is_placed_after_signing_in(
    open_tab: OpenTab, ticket: dict[str, Any], buyer: User
) -> None:
    tab = open_tab().go_to(f"/tickets/{ticket['id']}")
    tab.button(re.compile("^Hold")).click()
    tab.expect_heading("Sign in")
    expect(tab.page.get_by_text("Then we hold your ticket")).to_be_visible()
    tab.page.reload()
    sign_in(tab, buyer.email, buyer.password)
    tab.expect_heading("Pay for your ticket")
    assert len(buyer.send("GET", "/api/orders").json()) == 1


def test_a_pending_hold_is_placed_after_signing_up(open_tab: OpenTab, ticket: dict[str, Any]) -> None:
    tab = open_tab().go_to(f"/tickets/{ticket['id']}")
    tab.button(re.compile("^Hold")).click()
    tab.page.get_by_role("link", name="Make an account").click()
    sign_in(tab, f"{uuid4().hex[:12]}@tiketz.test", "correct horse battery", "Make my account")
    tab.expect_heading("Pay for your ticket")


def test_an_expired_session_is_refreshed(open_tab: OpenTab, buyer: User, ticket: dict[str, Any]) -> None:
    tab = open_tab(buyer)
    context = tab.page.context
    context.clear_cookies(name="__Host-session")
    tab.go_to("/orders")
    tab.expect_heading("My tickets")
    context.clear_cookies(name="__Host-session")
    tab.hold(ticket)


def test_two_tabs_refresh_one_session(open_tab: OpenTab, buyer: User) -> None:
    one = open_tab(buyer)
    context = one.page.context
    other = Tab(context.new_page())
    for _ in range(3):
        context.clear_cookies(name="__Host-session")
        for tab in (one, other):
            tab.page.goto("/orders", wait_until="commit")
        for tab in (one, other):
            tab.expect_heading("My tickets")


def test_signing_in_again_leads_back_to_what_was_typed(open_tab: OpenTab, seller: User) -> None:
    tab = open_tab(seller).go_to("/sell")
    page = tab.page
    page.get_by_label("What is it for?").fill("Deep Field")
    page.get_by_label("Price of one").fill("31")
    page.context.clear_cookies()
    page.get_by_role("button", name="Put it up for sale").click()
    tab.expect_heading("Sign in")
    sign_in(tab, seller.email, seller.password)
    expect(page.get_by_label("What is it for?")).to_have_value("Deep Field")
    page.get_by_role("button", name="Put it up for sale").click()
    tab.expect_heading("Deep Field")


def test_another_buyers_order_is_not_found(
    open_tab: OpenTab, buyer: User, ticket: dict[str, Any], local_url: str
) -> None:
    order = buyer.place_order(ticket)
    tab = open_tab(User(local_url, signed_up=True)).go_to(f"/orders/{order['id']}")
    tab.expect_heading("Nothing here")


def test_signing_out_removes_the_users_data(open_tab: OpenTab, buyer: User, ticket: dict[str, Any]) -> None:
    tab = open_tab(buyer)
    tab.hold(ticket)
    tab.page.get_by_role("button", name="Sign out").first.click()
    tab.expect_heading(FRONT_PAGE)
    tab.page.go_back()
    tab.expect_heading("Sign in")
