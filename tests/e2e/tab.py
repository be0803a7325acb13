"""One page of a browser, and what users do in it: open, hold, pay."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Route, expect

from tests.e2e.browsers import TIMEOUT_MS

APPROVED, DECLINED, NEEDS_3DS = "4242424242424242", "4000000000000002", "4000002500003155"
POLL_MS = 50

expect.set_options(timeout=TIMEOUT_MS)


class Tab:
    """One page; `console_errors` are the browser's messages about it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console_errors: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def go_to(self, path: str) -> "Tab":
        """Open a path and wait for its heading."""
        self.page.goto(path)
        expect(self.h1).to_be_visible()
        return self

    @property
    def h1(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def expect_heading(self, title: str | re.Pattern[str]) -> None:
        """Wait until the page has this heading."""
        expect(self.h1).to_have_text(title)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The visible button: some pages have one for phones and one for desktops."""
        return self.page.get_by_role("button", name=name).filter(visible=True)

    def hold(self, ticket: dict[str, Any]) -> str:
        """Hold a ticket by mouse; the order's id."""
        self.go_to(f"/tickets/{ticket['id']}")
        self.button(re.compile("^Hold")).click()
        self.expect_heading("Pay for your ticket")
        return self.page.url.rsplit("/", 1)[-1]

    def fill_card(self, number: str = APPROVED) -> None:
        self.page.get_by_label("Card number").fill(number)
        self.page.get_by_label("Expiry date").fill("12 / 40")
        self.page.get_by_label("Security code").fill("123")

    @property
    def pay_button(self) -> Locator:
        return self.button(re.compile("^Pay"))

    def pay(self, number: str = APPROVED) -> None:
        self.fill_card(number)
        self.pay_button.click()

    @property
    def clock(self) -> Locator:
        return self.page.get_by_role("timer")

    def seconds_left(self) -> int:
        """What the hold's clock shows."""
        minutes, seconds = self.clock.inner_text().split(":")
        return int(minutes) * 60 + int(seconds)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Process the page's events until the condition is met. Raises AssertionError after 15 s."""
        for _ in range(0, TIMEOUT_MS, POLL_MS):
            if condition():
                return
            self.page.wait_for_timeout(POLL_MS)
        raise AssertionError(f"not within {TIMEOUT_MS} ms")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)


ADVANCE_CLOCK = """(milliseconds) => {
  const now = Date.now
  Date.now = () => now() + milliseconds
}"""


class SleepingDevice:
    """A page's device that sleeps: the server's clock and the wall clock advance, the page's timers don't."""

    def __init__(self, page: Page) -> None:
        self._page, self._slept, self._slept_at_extension = page, timedelta(), timedelta()
        page.route("**/api/**", self._respond)

    def sleep(self, seconds: int) -> None:
        """Wake up that much later."""
        self._slept += timedelta(seconds=seconds)
        self._page.evaluate(ADVANCE_CLOCK, seconds * 1000)

    def _respond(self, route: Route) -> None:
        """The API's response as if it were sent after the sleep; an extended hold counts from then."""
        response = route.fetch()
        date = parsedate_to_datetime(response.headers["date"]) + self._slept
        headers = {**response.headers, "date": format_datetime(date, usegmt=True)}
        if route.request.url.endswith("/extend"):
            self._slept_at_extension = self._slept
        if "/api/orders/" in route.request.url and response.ok and response.status != 204:
            order = response.json()
            expires_at = datetime.fromisoformat(order["expiresAt"]) + self._slept_at_extension
            order["expiresAt"] = expires_at.isoformat()
            route.fulfill(response=response, headers=headers, json=order)
        else:
            route.fulfill(response=response, headers=headers)
