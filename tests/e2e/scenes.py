"""Every page and state of the client, as scenes that can be opened, looked at and measured."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.shopper import DECLINED, LaterWorld, Shopper
from tests.support.users import User, eventually

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """People, tickets and orders that the scenes show."""

    seller: User
    buyer: User
    ticket: Thing
    many: Thing
    reserved: Thing
    dear: Thing
    held: Thing  # orders of the buyer
    done: Thing
    cancelled: Thing

    def person(self, who: str) -> User | None:
        """Whoever is called that; None for a visitor."""
        return {"seller": self.seller, "buyer": self.buyer}.get(who)


def set_stage(url: str) -> Stage:
    """A small Rotterdam weekend, with orders in every state."""
    seller, buyer, other = (User(url, signed_up=True) for _ in range(3))

    def lists(title: str, price: int, venue: str, starts_at: str, **more: Any) -> Thing:
        fields = {"title": title, "price": price, "venue": venue, "city": "Rotterdam", "startsAt": starts_at}
        return seller.list_ticket(**{**fields, "category": "Music", **more})

    ticket = lists(
        "Marble Arcade",
        4860,
        "Halcyon Hall",
        "2031-12-05T19:00:00Z",
        description="Standing. Doors open 19:00.",
    )
    many = lists("North Quay Sessions", 2700, "Pier 9", "2031-12-05T20:30:00Z", quantity=4)
    lists("Rotterdam Harriers v Delft City", 3650, "Maas Stadium", "2031-12-06T14:00:00Z", category="Sport")
    reserved = lists("The Understudy", 5200, "Schiekade Theatre", "2031-12-06T18:30:00Z", category="Theatre")
    lists("Slow Machines", 1980, "Kelder", "2031-12-06T21:00:00Z")
    dear = lists(
        "A title as long as somebody with much to say about one single evening will type into the field",
        1_234_500,
        "The Very Large Concert Hall by the Water",
        "2031-12-07T18:00:00Z",
    )
    held = buyer.place_order(lists("Paper Lanterns", 2200, "Bird", "2031-12-11T20:00:00Z"))
    done = buyer.place_order(lists("Deep Field", 3100, "Annabel", "2031-12-12T20:00:00Z"))
    buyer.pay(done)
    cancelled = buyer.place_order(lists("Kite Season", 1500, "Rotown", "2031-12-13T20:00:00Z"))
    buyer.send("DELETE", f"/api/orders/{cancelled['id']}")
    other.place_order(reserved)
    buyer.wait_for(f"/api/orders/{done['id']}", status="completed")
    seller.wait_for(f"/api/tickets/{reserved['id']}", status="reserved")
    eventually(lambda: _is_listed(buyer, "Kite Season"))
    return Stage(seller, buyer, ticket, many, reserved, dear, held, done, cancelled)


def _is_listed(person: User, title: str) -> None:
    found = person.send("GET", f"/api/tickets?q={title}").json()
    assert title in {each["title"] for each in found}


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing to look at: who looks, where, and what they do there first."""

    name: str
    who: str  # visitor, seller or buyer
    act: Callable[[Shopper, Stage], None]

    def play(self, somebody: Shopper, stage: Stage) -> Page:
        self.act(somebody, stage)
        somebody.page.evaluate("document.fonts.ready.then(() => undefined)")
        return somebody.page


def _at(path: str, sign: str | None = None) -> Callable[[Shopper, Stage], None]:
    """Opens a path, with names of the stage's things in braces, and waits for a text."""

    def act(somebody: Shopper, stage: Stage) -> None:
        ids = {name: thing["id"] for name, thing in _things(stage).items()}
        somebody.goes_to(path.format(**ids))
        if sign:
            expect(somebody.page.get_by_role("main").get_by_text(sign).first).to_be_visible()

    return act


def _things(stage: Stage) -> dict[str, Thing]:
    found = {name: getattr(stage, name) for name in Stage.__slots__}
    return {name: thing for name, thing in found.items() if isinstance(thing, dict)}


def _bad_credentials(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to("/signup")
    somebody.page.get_by_role("button", name="Make my account").click()


def _bad_listing(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to("/sell")
    somebody.page.get_by_role("button", name="Put it up for sale").click()


def _checkout(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to(f"/orders/{stage.held['id']}")
    expect(somebody.page.get_by_label("Card number")).to_be_visible()


def _declined(somebody: Shopper, stage: Stage) -> None:
    _checkout(somebody, stage)
    somebody.pays(DECLINED)
    expect(somebody.page.get_by_text("Card declined")).to_be_visible()


def _warning(somebody: Shopper, stage: Stage) -> None:
    later = LaterWorld(somebody.page)
    _checkout(somebody, stage)
    later.jumps(left(somebody) - 118)
    expect(somebody.page.get_by_role("dialog")).to_be_visible()


def left(somebody: Shopper) -> int:
    minutes, seconds = somebody.clock.inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def _order_as(status: str, payment: str = "pending") -> Callable[[Shopper, Stage], None]:
    """The held order, as the API would tell of it later."""

    def act(somebody: Shopper, stage: Stage) -> None:
        def order(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, json={**answer.json(), "status": status})

        def paid(route: Route) -> None:
            answer = route.fetch()
            body = {**answer.json(), "status": payment}
            route.fulfill(response=answer, body=json.dumps(body))

        somebody.page.route(re.compile(r"/api/orders/[^/]+$"), order)
        somebody.page.route("**/api/payments", paid)
        somebody.goes_to(f"/orders/{stage.held['id']}")

    return act


def _confirming(somebody: Shopper, stage: Stage) -> None:
    _order_as("pending", payment="authorized")(somebody, stage)
    somebody.sees("Confirming with your bank")


def _broken(somebody: Shopper, stage: Stage) -> None:
    somebody.page.route("**/api/tickets/*", lambda route: route.fulfill(status=500, json={}))
    somebody.goes_to(f"/tickets/{stage.ticket['id']}")


def _offline(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to("/")
    somebody.page.context.set_offline(True)
    expect(somebody.page.get_by_text("You’re offline")).to_be_visible()


def _filters(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to("/?city=Rotterdam&category=Music&from=2031-12-05&to=2031-12-06&max=60")
    somebody.page.get_by_text("Dates, price, category").click()
    expect(somebody.page.locator("article").first).to_be_visible()


def _withdrawing(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to(f"/sell/{stage.ticket['id']}")
    somebody.page.get_by_role("button", name="Withdraw this listing").click()
    expect(somebody.page.get_by_role("dialog")).to_be_visible()


def _deleting(somebody: Shopper, stage: Stage) -> None:
    somebody.goes_to("/account")
    somebody.page.get_by_role("button", name="Delete my account").click()
    expect(somebody.page.get_by_role("dialog")).to_be_visible()


def _holding(somebody: Shopper, stage: Stage) -> None:
    refusal = {"title": "Conflict", "status": 409, "detail": "An order of yours waits.", "errors": []}
    somebody.page.route(
        "**/api/users/me",
        lambda route: route.fulfill(status=409, json=refusal, content_type="application/problem+json"),
    )
    _deleting(somebody, stage)
    somebody.page.get_by_label("Password").fill("correct horse")
    somebody.button("Delete it for good").click()
    expect(somebody.page.get_by_role("alert")).to_be_visible()


SCENES = [
    Scene("browse", "visitor", _at("/?city=Rotterdam", "Marble Arcade")),
    Scene("browse-filters", "visitor", _filters),
    Scene("browse-cheapest", "visitor", _at("/?city=Rotterdam&sort=cheapest", "Kite Season")),
    Scene("browse-empty", "visitor", _at("/?q=Slow+Machinery", "No tickets for")),
    Scene("ticket", "visitor", _at("/tickets/{ticket}", "You pay")),
    Scene("ticket-many", "buyer", _at("/tickets/{many}", "How many")),
    Scene("ticket-reserved", "visitor", _at("/tickets/{reserved}", "Somebody is paying for this one")),
    Scene("ticket-dear", "visitor", _at("/tickets/{dear}", "You pay")),
    Scene("ticket-own", "seller", _at("/tickets/{ticket}", "This is your listing")),
    Scene("sign-in", "visitor", _at("/signin")),
    Scene("sign-up-errors", "visitor", _bad_credentials),
    Scene("sell", "seller", _at("/sell")),
    Scene("sell-errors", "seller", _bad_listing),
    Scene("listing", "seller", _at("/sell/{ticket}")),
    Scene("listing-locked", "seller", _at("/sell/{reserved}", "Locked for now")),
    Scene("listing-withdrawing", "seller", _withdrawing),
    Scene("selling", "seller", _at("/selling", "Marble Arcade")),
    Scene("checkout", "buyer", _checkout),
    Scene("checkout-declined", "buyer", _declined),
    Scene("checkout-warning", "buyer", _warning),
    Scene("order-confirming", "buyer", _confirming),
    Scene("order-done", "buyer", _at("/orders/{done}", "You’re going.")),
    Scene("order-expired", "buyer", _order_as("expired")),
    Scene("order-cancelled", "buyer", _at("/orders/{cancelled}", "You were not charged.")),
    Scene("my-tickets", "buyer", _at("/orders", "Deep Field")),
    Scene("my-tickets-empty", "seller", _at("/orders", "No tickets yet")),
    Scene("account", "buyer", _at("/account", "Download my data")),
    Scene("account-deleting", "buyer", _deleting),
    Scene("account-holding", "buyer", _holding),
    Scene("goodbye", "visitor", _at("/goodbye")),
    Scene("help", "visitor", _at("/help")),
    Scene("not-found", "visitor", _at("/nowhere")),
    Scene("server-error", "visitor", _broken),
    Scene("offline", "visitor", _offline),
]
