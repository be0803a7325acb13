"""The countdown of a hold on the server's clock, and the ways to extend it."""

import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from local.process import EnvironmentProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import SleepingDevice, Tab
from tests.support.users import User


@dataclass(frozen=True, slots=True)
class PlacedHold:
    """A buyer's pending order; `placed_at` is monotonic seconds."""

    buyer: User
    order: dict[str, Any]
    placed_at: float


def place_hold(env: EnvironmentProcess) -> PlacedHold:
    seller, buyer = (User(env.url, signed_up=True) for _ in range(2))
    return PlacedHold(buyer, buyer.place_order(seller.list_ticket()), time.monotonic())


@pytest.fixture(scope="module", autouse=True)
def extended(local_env: EnvironmentProcess) -> PlacedHold:
    """Extended once, before the other tests here: its waiting time passes during them."""
    hold = place_hold(local_env)
    assert hold.buyer.send("POST", f"/api/orders/{hold.order['id']}/extend").json()["extensions"] == 1
    return hold


@pytest.fixture(scope="module", autouse=True)
def expired(short_hold_env: EnvironmentProcess) -> PlacedHold:
    """Never paid: it expires while the other tests here run."""
    return place_hold(short_hold_env)


@pytest.fixture
def tab(open_tab: OpenTab, buyer: User) -> Tab:
    """A buyer's tab."""
    return open_tab(buyer)


@pytest.mark.parametrize("day", ["2001-01-01T00:00:00Z", "2040-06-01T12:00:00Z"])
def test_a_wrong_device_clock_does_not_change_the_countdown(
    tab: Tab, ticket: dict[str, Any], day: str
) -> None:
    tab.page.clock.install(time=day)
    tab.hold(ticket)
    assert 880 <= tab.seconds_left() <= 900
    tab.page.reload()
    tab.expect_heading("Pay for your ticket")
    assert 870 <= tab.seconds_left() <= 900


def test_the_countdown_follows_the_servers_date(tab: Tab, ticket: dict[str, Any]) -> None:
    device = SleepingDevice(tab.page)
    tab.hold(ticket)
    device.sleep(600)
    expect(tab.clock).to_have_text(re.compile(r"^4:[45]\d$"))
    expect(tab.page.locator(".strip .torn")).to_have_count(10)


def test_the_clock_is_a_timer_that_is_not_announced(tab: Tab, ticket: dict[str, Any]) -> None:
    tab.hold(ticket)
    expect(tab.clock).to_have_attribute("aria-live", "off")
    expect(tab.clock).to_have_text(re.compile(r"^1[45]:\d\d$"))
    expect(tab.page.locator(".strip i")).to_have_count(15)


def test_five_two_and_one_minute_are_announced_politely(tab: Tab, ticket: dict[str, Any]) -> None:
    device = SleepingDevice(tab.page)
    tab.hold(ticket)
    announcement = tab.page.locator(".hold [aria-live=polite]")
    expect(announcement).to_have_text("")
    device.sleep(605)
    expect(announcement).to_have_text("5 minutes left to pay.")
    device.sleep(180)
    expect(announcement).to_have_text("2 minutes left to pay.")
    tab.button("Carry on paying").click()
    device.sleep(60)
    expect(announcement).to_have_text("1 minute left to pay.")
    expect(tab.page.locator(".hold.low")).to_be_visible()


def test_space_in_the_two_minute_dialog_extends_and_keeps_what_was_typed(
    tab: Tab, ticket: dict[str, Any], buyer: User
) -> None:
    device = SleepingDevice(tab.page)
    order = tab.hold(ticket)
    tab.fill_card()
    device.sleep(785)
    dialog = tab.page.get_by_role("dialog", name="Two minutes left")
    expect(dialog).to_be_visible()
    more = dialog.get_by_role("button", name="Add 13 minutes")
    expect(more).to_be_focused()
    tab.page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    buyer.wait_for(f"/api/orders/{order}", extensions=1, status="pending")
    expect(tab.page.locator(".hold [aria-live=polite]")).to_have_text("Your hold was extended to 15 minutes.")
    expect(tab.page.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")
    expect(tab.page.get_by_label("Security code")).to_have_value("123")
    tab.pay_button.click()
    tab.expect_heading("You’re going.")


def test_escape_closes_the_dialog_for_this_deadline(tab: Tab, ticket: dict[str, Any]) -> None:
    device = SleepingDevice(tab.page)
    tab.hold(ticket)
    device.sleep(785)
    dialog = tab.page.get_by_role("dialog", name="Two minutes left")
    expect(dialog).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    device.sleep(5)
    expect(tab.clock).to_have_text(re.compile(r"^1:\d\d$"))
    expect(dialog).to_be_hidden()


def test_a_hold_can_be_extended_twice(open_tab: OpenTab, extended: PlacedHold) -> None:
    address = f"/orders/{extended.order['id']}"
    tab = open_tab(extended.buyer)
    device = SleepingDevice(tab.page)
    tab.go_to(address)
    device.sleep(tab.seconds_left() - 299)
    time.sleep(max(0, extended.placed_at + 11 - time.monotonic()))  # before, it is the same request
    more = tab.button(re.compile("^More time"))
    expect(more).to_have_text("More time +10 min, 1 use left")
    more.focus()
    tab.page.keyboard.press("Space")
    expect(more).to_have_count(0)
    extended.buyer.wait_for(f"/api{address}", extensions=2)
    device.sleep(605)
    expect(tab.page.get_by_text("There is no more extra time.", exact=True)).to_be_visible()
    expect(more).to_have_count(0)


def test_more_time_is_offered_in_the_last_third_of_the_hold(tab: Tab, ticket: dict[str, Any]) -> None:
    device = SleepingDevice(tab.page)
    tab.hold(ticket)
    more = tab.button(re.compile("^More time"))
    expect(tab.page.get_by_text("more time in the last 5 minutes")).to_be_visible()
    expect(more).to_have_count(0)
    device.sleep(585)
    expect(tab.clock).to_have_text(re.compile(r"^5:\d\d$"))
    expect(more).to_have_count(0)
    device.sleep(20)
    expect(more).to_have_text("More time +10 min, 2 uses left")


def test_an_expired_hold_says_not_charged_and_can_be_placed_again(
    open_tab: OpenTab, short_hold_env: EnvironmentProcess
) -> None:
    seller, buyer = (User(short_hold_env.url, signed_up=True) for _ in range(2))
    ticket = seller.list_ticket()
    tab = open_tab(buyer, env=short_hold_env)
    first = tab.hold(ticket)
    tab.expect_heading(re.compile("Time is up|The hold ran out"))
    tab.expect_heading("The hold ran out")
    expect(tab.page.get_by_role("main")).to_contain_text("You were not charged.")
    buyer.wait_for(f"/api/orders/{first}", status="expired")
    tab.button("Hold it again").click()
    tab.expect_heading("Pay for your ticket")
    assert not tab.page.url.endswith(first)


def test_a_hold_that_expired_before_the_page_loads_is_shown_expired(
    open_tab: OpenTab, short_hold_env: EnvironmentProcess, expired: PlacedHold
) -> None:
    expired.buyer.wait_for(f"/api/orders/{expired.order['id']}", status="expired")
    tab = open_tab(expired.buyer, env=short_hold_env).go_to(f"/orders/{expired.order['id']}")
    tab.expect_heading("The hold ran out")
    tab.go_to("/orders")
    expect(tab.page.get_by_text("Ran out, not charged")).to_be_visible()
