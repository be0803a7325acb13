"""The hold bar: a clock that is the server's, and the ways to more time."""

import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from local.process import EnvironmentProcess
from tests.e2e.conftest import Open
from tests.e2e.shopper import LaterWorld, Shopper
from tests.support.users import User


@pytest.fixture
def ticket(seller: User) -> dict[str, Any]:
    """A ticket somebody sells."""
    return seller.list_ticket(city="Rotterdam", startsAt="2031-12-05T19:00:00Z")


@dataclass(frozen=True, slots=True)
class Hold:
    """An order of somebody's, and when it was made."""

    buyer: User
    order: dict[str, Any]
    made: float

    @classmethod
    def in_(cls, world: EnvironmentProcess) -> "Hold":
        seller, buyer = (User(world.url, signed_up=True) for _ in range(2))
        return cls(buyer, buyer.place_order(seller.list_ticket()), time.monotonic())


@pytest.fixture(scope="module", autouse=True)
def extended(local_env: EnvironmentProcess) -> Hold:
    """Given more time once, before the other tests here: what it must wait for passes meanwhile."""
    hold = Hold.in_(local_env)
    assert hold.buyer.send("POST", f"/api/orders/{hold.order['id']}/extend").json()["extensions"] == 1
    return hold


@pytest.fixture(scope="module", autouse=True)
def lapsed(short_hold_env: EnvironmentProcess) -> Hold:
    """Nobody pays for it: it runs out while the other tests here run."""
    return Hold.in_(short_hold_env)


@pytest.fixture
def somebody(shopper: Open, buyer: User) -> Shopper:
    """A buyer at a browser."""
    return shopper(buyer)


def seconds(shown: str) -> int:
    minutes, _, rest = shown.partition(":")
    return int(minutes) * 60 + int(rest)


@pytest.mark.parametrize("day", ["2001-01-01T00:00:00Z", "2040-06-01T12:00:00Z"])
def test_check_12_a_wrong_client_clock_changes_nothing(
    somebody: Shopper, ticket: dict[str, Any], day: str
) -> None:
    somebody.page.clock.install(time=day)
    somebody.holds(ticket)
    assert 880 <= seconds(somebody.clock.inner_text()) <= 900
    somebody.page.reload()
    somebody.sees("Pay for your ticket")
    assert 870 <= seconds(somebody.clock.inner_text()) <= 900


def test_check_12_the_clock_follows_the_servers_date_and_expires_at(
    somebody: Shopper, ticket: dict[str, Any]
) -> None:
    later = LaterWorld(somebody.page)
    somebody.holds(ticket)
    later.jumps(600)
    expect(somebody.clock).to_have_text(re.compile(r"^4:[45]\d$"))
    expect(somebody.page.locator(".strip .torn")).to_have_count(10)


def test_check_13_the_clock_is_a_timer_that_does_not_chatter(
    somebody: Shopper, ticket: dict[str, Any]
) -> None:
    somebody.holds(ticket)
    expect(somebody.clock).to_have_attribute("aria-live", "off")
    expect(somebody.clock).to_have_text(re.compile(r"^1[45]:\d\d$"))
    expect(somebody.page.locator(".strip i")).to_have_count(15)


def test_check_14_polite_words_at_five_two_and_one_minute(somebody: Shopper, ticket: dict[str, Any]) -> None:
    later = LaterWorld(somebody.page)
    somebody.holds(ticket)
    words = somebody.page.locator(".hold [aria-live=polite]")
    expect(words).to_have_text("")
    later.jumps(605)
    expect(words).to_have_text("5 minutes left to pay.")
    later.jumps(180)
    expect(words).to_have_text("2 minutes left to pay.")
    somebody.button("Carry on paying").click()
    later.jumps(60)
    expect(words).to_have_text("1 minute left to pay.")
    expect(somebody.page.locator(".hold.low")).to_be_visible()


def test_check_15_16_17_a_dialog_at_two_minutes_space_extends_and_typed_data_survives(
    somebody: Shopper, ticket: dict[str, Any], buyer: User
) -> None:
    later = LaterWorld(somebody.page)
    order = somebody.holds(ticket)
    somebody.fills_card()
    later.jumps(785)
    dialog = somebody.page.get_by_role("dialog", name="Two minutes left")
    expect(dialog).to_be_visible()
    more = dialog.get_by_role("button", name="Give me 15 more minutes")
    expect(more).to_be_focused()
    somebody.page.keyboard.press("Space")
    expect(dialog).to_be_hidden()
    buyer.wait_for(f"/api/orders/{order}", extensions=1, status="pending")
    expect(somebody.page.locator(".hold [aria-live=polite]")).to_have_text(
        "Your hold was extended to 15 minutes."
    )
    expect(somebody.page.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")
    expect(somebody.page.get_by_label("Security code")).to_have_value("123")
    somebody.pay_button.click()
    somebody.sees("You’re going.")


def test_check_15_escape_or_carry_on_closes_the_dialog_for_this_deadline(
    somebody: Shopper, ticket: dict[str, Any]
) -> None:
    later = LaterWorld(somebody.page)
    somebody.holds(ticket)
    later.jumps(785)
    dialog = somebody.page.get_by_role("dialog", name="Two minutes left")
    expect(dialog).to_be_visible()
    somebody.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    later.jumps(5)
    expect(somebody.clock).to_have_text(re.compile(r"^1:\d\d$"))
    expect(dialog).to_be_hidden()


def test_check_16_more_time_can_be_had_twice(shopper: Open, extended: Hold) -> None:
    address = f"/orders/{extended.order['id']}"
    somebody = shopper(extended.buyer).goes_to(address)
    time.sleep(max(0, extended.made + 11 - time.monotonic()))  # sooner, it counts as the same request
    somebody.button("More time").focus()
    somebody.page.keyboard.press("Space")
    extended.buyer.wait_for(f"/api{address}", extensions=2)
    expect(somebody.button("More time")).to_have_count(0)


def test_check_18_expiry_says_you_were_not_charged_and_offers_to_hold_again(
    shopper: Open, short_hold_env: EnvironmentProcess
) -> None:
    seller, buyer = (User(short_hold_env.url, signed_up=True) for _ in range(2))
    ticket = seller.list_ticket()
    somebody = shopper(buyer, world=short_hold_env)
    first = somebody.holds(ticket)
    somebody.sees(re.compile("Time is up|The hold ran out"))
    somebody.sees("The hold ran out")
    expect(somebody.page.get_by_role("main")).to_contain_text("You were not charged.")
    buyer.wait_for(f"/api/orders/{first}", status="expired")
    somebody.button("Hold it again").click()
    somebody.sees("Pay for your ticket")
    assert not somebody.page.url.endswith(first)


def test_check_18_a_hold_that_ran_out_elsewhere_is_found_so_after_a_reload(
    shopper: Open, short_hold_env: EnvironmentProcess, lapsed: Hold
) -> None:
    lapsed.buyer.wait_for(f"/api/orders/{lapsed.order['id']}", status="expired")
    somebody = shopper(lapsed.buyer, world=short_hold_env).goes_to(f"/orders/{lapsed.order['id']}")
    somebody.sees("The hold ran out")
    somebody.goes_to("/orders")
    expect(somebody.page.get_by_text("Ran out, not charged")).to_be_visible()
