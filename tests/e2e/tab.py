"""What a person does at a browser: look, hold, pay."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

PAYS, DECLINED, ASKS_BANK = "4242424242424242", "4000000000000002", "4000002500003155"
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


class Shopper:
    """One page of one browser profile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []  # what the browser complained about
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def goes_to(self, path: str) -> "Shopper":
        """Open an address and wait until it says what it is."""
        self.page.goto(path)
        expect(self.h1).to_be_visible()
        return self

    @property
    def h1(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def sees(self, title: str | re.Pattern[str]) -> None:
        """The page's heading becomes this."""
        expect(self.h1).to_have_text(title)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The visible button: phones and desktops have one each."""
        return self.page.get_by_role("button", name=name).filter(visible=True)

    def holds(self, ticket: dict[str, Any]) -> str:
        """Hold it by mouse; answers the order's id."""
        self.goes_to(f"/tickets/{ticket['id']}")
        self.button(re.compile("^Hold")).click()
        self.sees("Pay for your ticket")
        return self.page.url.rsplit("/", 1)[-1]

    def fills_card(self, number: str = PAYS) -> None:
        self.page.get_by_label("Card number").fill(number)
        self.page.get_by_label("Expiry date").fill("12 / 40")
        self.page.get_by_label("Security code").fill("123")

    @property
    def pay_button(self) -> Locator:
        return self.button(re.compile("^Pay"))

    def pays(self, number: str = PAYS) -> None:
        self.fills_card(number)
        self.pay_button.click()

    @property
    def clock(self) -> Locator:
        return self.page.get_by_role("timer")

    def focused(self) -> str:
        """The text of what has the focus."""
        return str(self.page.evaluate("document.activeElement?.textContent ?? ''"))


SLEEPS = """(milliseconds) => {
  const now = Date.now
  Date.now = () => now() + milliseconds
}"""


class LaterWorld:
    """One page's device sleeps: the server's clock and the device's go on, the page's timers stand still."""

    def __init__(self, page: Page) -> None:
        self._page, self._later, self._extended_by = page, timedelta(), timedelta()
        page.route("**/api/**", self._answer)

    def jumps(self, seconds: int) -> None:
        """It wakes that much later."""
        self._later += timedelta(seconds=seconds)
        self._page.evaluate(SLEEPS, seconds * 1000)

    def _answer(self, route: Route) -> None:
        answer = route.fetch()
        heard = parsedate_to_datetime(answer.headers["date"]) + self._later
        headers = {**answer.headers, "date": format_datetime(heard, usegmt=True)}
        if route.request.url.endswith("/extend"):
            self._extended_by = self._later
        if "/api/orders/" in route.request.url and answer.ok and answer.status != 204:
            order = answer.json()
            order["expiresAt"] = (datetime.fromisoformat(order["expiresAt"]) + self._extended_by).isoformat()
            route.fulfill(response=answer, headers=headers, json=order)
        else:
            route.fulfill(response=answer, headers=headers)
