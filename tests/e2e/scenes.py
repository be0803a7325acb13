"""Every page and state of the web client, as scenes for screenshots and accessibility tests."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.tab import DECLINED, SleepingDevice, Tab
from tests.support.users import User, eventually

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SceneData:
    """Users, tickets and orders that the scenes show."""

    seller: User
    buyer: User
    ticket: Row
    many: Row
    reserved: Row
    expensive: Row
    held: Row  # orders of the buyer
    completed: Row
    cancelled: Row

    def user(self, viewer: str) -> User | None:
        """The user with this role; None for a visitor."""
        return {"seller": self.seller, "buyer": self.buyer}.get(viewer)


def create_scene_data(url: str) -> SceneData:
    """A weekend of events in Rotterdam, with orders in every state."""
    seller, buyer, other = (User(url, signed_up=True) for _ in range(3))

    def sell(title: str, price: int, venue: str, starts_at: str, **more: Any) -> Row:
        fields = {"title": title, "price": price, "venue": venue, "city": "Rotterdam", "startsAt": starts_at}
        fields["timeZone"] = "Europe/Amsterdam"
        return seller.list_ticket(**{**fields, "category": "Music", **more})

    ticket = sell(
        "Marble Arcade",
        4860,
        "Halcyon Hall",
        "2031-12-05T19:00:00Z",
        description="Standing. Doors open 19:00.",
    )
    many = sell("North Quay Sessions", 2700, "Pier 9", "2031-12-05T20:30:00Z", quantity=4)
    sell("Rotterdam Harriers v Delft City", 3650, "Maas Stadium", "2031-12-06T14:00:00Z", category="Sport")
    reserved = sell("The Understudy", 5200, "Schiekade Theatre", "2031-12-06T18:30:00Z", category="Theatre")
    sell("Slow Machines", 1980, "Kelder", "2031-12-06T21:00:00Z")
    expensive = sell(
        "A title as long as somebody with much to say about one single evening will type into the field",
        1_234_500,
        "The Very Large Concert Hall by the Water",
        "2031-12-07T18:00:00Z",
    )
    held = buyer.place_order(sell("Paper Lanterns", 2200, "Bird", "2031-12-11T20:00:00Z"))
    completed = buyer.place_order(sell("Deep Field", 3100, "Annabel", "2031-12-12T20:00:00Z"))
    buyer.pay(completed)
    cancelled = buyer.place_order(sell("Kite Season", 1500, "Rotown", "2031-12-13T20:00:00Z"))
    buyer.send("DELETE", f"/api/orders/{cancelled['id']}")
    other.place_order(reserved)
    buyer.wait_for(f"/api/orders/{completed['id']}", status="completed")
    seller.wait_for(f"/api/tickets/{reserved['id']}", status="reserved")
    eventually(lambda: _is_listed(buyer, "Kite Season"))
    return SceneData(seller, buyer, ticket, many, reserved, expensive, held, completed, cancelled)


def _is_listed(user: User, title: str) -> None:
    tickets = user.send("GET", f"/api/tickets?q={title}").json()
    assert title in {each["title"] for each in tickets}


@dataclass(frozen=True, slots=True)
class Scene:
    """A page or state: who sees it, and how to get there."""

    name: str
    viewer: str  # visitor, seller or buyer
    open: Callable[[Tab, SceneData], None]

    def show(self, tab: Tab, data: SceneData) -> Page:
        self.open(tab, data)
        tab.page.evaluate("document.fonts.ready.then(() => undefined)")
        return tab.page


def _at(path: str, text: str | None = None) -> Callable[[Tab, SceneData], None]:
    """Opens a path, with names of SceneData's rows in braces, and waits for a text."""

    def open_scene(tab: Tab, data: SceneData) -> None:
        ids = {name: row["id"] for name, row in _rows(data).items()}
        tab.go_to(path.format(**ids))
        if text:
            expect(tab.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    return open_scene


def _rows(data: SceneData) -> dict[str, Row]:
    values = {name: getattr(data, name) for name in SceneData.__slots__}
    return {name: row for name, row in values.items() if isinstance(row, dict)}


def _bad_credentials(tab: Tab, data: SceneData) -> None:
    tab.go_to("/signup")
    tab.page.get_by_role("button", name="Make my account").click()


def _bad_listing(tab: Tab, data: SceneData) -> None:
    tab.go_to("/sell")
    tab.page.get_by_role("button", name="Put it up for sale").click()


def _checkout(tab: Tab, data: SceneData) -> None:
    tab.go_to(f"/orders/{data.held['id']}")
    expect(tab.page.get_by_label("Card number")).to_be_visible()


def _declined(tab: Tab, data: SceneData) -> None:
    _checkout(tab, data)
    tab.pay(DECLINED)
    expect(tab.page.get_by_text("Your card was declined.")).to_be_visible()


def _warning(tab: Tab, data: SceneData) -> None:
    device = SleepingDevice(tab.page)
    _checkout(tab, data)
    device.sleep(tab.seconds_left() - 118)
    expect(tab.page.get_by_role("dialog")).to_be_visible()


def _order_as(status: str, payment: str = "pending") -> Callable[[Tab, SceneData], None]:
    """The held order with another status, and its payment with another one."""

    def open_scene(tab: Tab, data: SceneData) -> None:
        def order(route: Route) -> None:
            response = route.fetch()
            route.fulfill(response=response, json={**response.json(), "status": status})

        def pay(route: Route) -> None:
            response = route.fetch()
            body = {**response.json(), "status": payment}
            route.fulfill(response=response, body=json.dumps(body))

        tab.page.route(re.compile(r"/api/orders/[^/]+$"), order)
        tab.page.route("**/api/payments", pay)
        tab.go_to(f"/orders/{data.held['id']}")

    return open_scene


def _confirming(tab: Tab, data: SceneData) -> None:
    _order_as("pending", payment="authorized")(tab, data)
    tab.expect_heading("Confirming with your bank")


def _broken(tab: Tab, data: SceneData) -> None:
    tab.page.route("**/api/tickets/*", lambda route: route.fulfill(status=500, json={}))
    tab.go_to(f"/tickets/{data.ticket['id']}")


def _offline(tab: Tab, data: SceneData) -> None:
    tab.go_to("/")
    tab.page.context.set_offline(True)
    expect(tab.page.get_by_text("You’re offline")).to_be_visible()


def _filters(tab: Tab, data: SceneData) -> None:
    tab.go_to("/?city=Rotterdam&category=Music&from=2031-12-05&to=2031-12-06&max=60")
    tab.page.get_by_text("Dates, price, category").click()
    expect(tab.page.locator("article").first).to_be_visible()


def _withdrawing(tab: Tab, data: SceneData) -> None:
    tab.go_to(f"/sell/{data.ticket['id']}")
    tab.page.get_by_role("button", name="Withdraw this listing").click()
    expect(tab.page.get_by_role("dialog")).to_be_visible()


def _deleting(tab: Tab, data: SceneData) -> None:
    tab.go_to("/account")
    tab.page.get_by_role("button", name="Delete my account").click()
    expect(tab.page.get_by_role("dialog")).to_be_visible()


def _deletion_refused(tab: Tab, data: SceneData) -> None:
    problem = {"status": 409, "code": "orders_pending", "detail": "An order of yours waits.", "errors": []}
    tab.page.route(
        "**/api/users/me",
        lambda route: route.fulfill(status=409, json=problem, content_type="application/problem+json"),
    )
    _deleting(tab, data)
    tab.page.get_by_label("Password").fill("correct horse")
    tab.button("Delete it for good").click()
    expect(tab.page.get_by_role("alert")).to_be_visible()


def _taken_email(tab: Tab, data: SceneData) -> None:
    tab.go_to("/signup")
    tab.page.get_by_label("E-mail").fill(data.seller.email)
    tab.page.get_by_label("Password", exact=True).fill("a sentence works well")
    tab.button("Make my account").click()
    expect(tab.page.get_by_text("This e-mail has an account already.")).to_be_visible()


def _forgotten(tab: Tab, data: SceneData) -> None:
    tab.page.route("**/api/users/forgot", lambda route: route.fulfill(status=202))
    tab.go_to("/forgot")
    tab.page.get_by_label("E-mail").fill("ada@example.com")
    tab.button("Mail me a link").click()
    tab.expect_heading("Look in your mail")


def _used(path: str, name: str, heading: str, status: int = 200) -> Callable[[Tab, SceneData], None]:
    """The page of a mailed link, after a click on its button."""

    def open_scene(tab: Tab, data: SceneData) -> None:
        body = {"verified": True, "id": data.buyer.id, "email": "ada@example.com"}
        address = {"/verify": "verify", "/confirm": "me/email/confirm", "/reset": "reset"}[path]
        tab.page.route(
            f"**/api/users/{address}",
            lambda route: route.fulfill(status=status, **({} if status == 204 else {"json": body})),
        )
        tab.go_to(f"{path}#request.token")
        if path == "/reset":
            tab.page.get_by_label("New password").fill("a sentence works well")
        tab.button(name).click()
        tab.expect_heading(heading)

    return open_scene


def _opened(button: str) -> Callable[[Tab, SceneData], None]:
    """The account page with one of its forms, sent empty."""

    def open_scene(tab: Tab, data: SceneData) -> None:
        tab.go_to("/account")
        tab.button(button).click()
        tab.page.locator("form button[type=submit]:visible").click()
        expect(tab.page.locator("[aria-invalid=true]").first).to_be_visible()

    return open_scene


SCENES = [
    Scene("browse", "visitor", _at("/?city=Rotterdam", "Marble Arcade")),
    Scene("browse-filters", "visitor", _filters),
    Scene("browse-cheapest", "visitor", _at("/?city=Rotterdam&sort=cheapest", "Kite Season")),
    Scene("browse-empty", "visitor", _at("/?q=Slow+Machinery", "No tickets for")),
    Scene("ticket", "visitor", _at("/tickets/{ticket}", "You pay")),
    Scene("ticket-many", "buyer", _at("/tickets/{many}", "How many")),
    Scene("ticket-reserved", "visitor", _at("/tickets/{reserved}", "Somebody is paying for this one")),
    Scene("ticket-dear", "visitor", _at("/tickets/{expensive}", "You pay")),
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
    Scene("order-done", "buyer", _at("/orders/{completed}", "You’re going.")),
    Scene("order-expired", "buyer", _order_as("expired")),
    Scene("order-cancelled", "buyer", _at("/orders/{cancelled}", "You were not charged.")),
    Scene("my-tickets", "buyer", _at("/orders", "Deep Field")),
    Scene("my-tickets-empty", "seller", _at("/orders", "No tickets yet")),
    Scene("account", "buyer", _at("/account", "Download my data")),
    Scene("account-deleting", "buyer", _deleting),
    Scene("account-holding", "buyer", _deletion_refused),
    Scene("account-password", "buyer", _opened("Choose another")),
    Scene("account-email", "buyer", _opened("Use another e-mail")),
    Scene("sign-up-taken", "visitor", _taken_email),
    Scene("forgot", "visitor", _at("/forgot")),
    Scene("forgot-sent", "visitor", _forgotten),
    Scene("reset", "visitor", _at("/reset#request.token")),
    Scene("reset-done", "visitor", _used("/reset", "Change my password", "Your password is changed", 204)),
    Scene("verify", "visitor", _at("/verify#request.token")),
    Scene("verify-done", "visitor", _used("/verify", "Yes, verify it", "Your e-mail is verified")),
    Scene("link-invalid", "visitor", _at("/verify")),
    Scene("confirm", "buyer", _at("/confirm#request.token")),
    Scene("confirm-done", "buyer", _used("/confirm", "Yes, use it", "Your e-mail is changed")),
    Scene("goodbye", "visitor", _at("/goodbye")),
    Scene("help", "visitor", _at("/help")),
    Scene("not-found", "visitor", _at("/nowhere")),
    Scene("server-error", "visitor", _broken),
    Scene("offline", "visitor", _offline),
]
