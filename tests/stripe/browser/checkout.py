"""The shop's checkout in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe
from playwright.sync_api import ConsoleMessage, Page

from tests.stripe.shop import shop
from tests.stripe.site import PUBLISHABLE_KEY, client, serving, stripe_site

AXE = Path(__file__).parents[3] / "web/node_modules/axe-core/axe.min.js"

MOUNT = """([key, clientSecret, appearance]) => new Promise((resolve) => {
  window.stripeEvents = []
  window.stripe = Stripe(key)
  window.elements = stripe.elements({ clientSecret, appearance, loader: 'never', locale: 'en' })
  window.element = elements.create('payment', { layout: 'tabs' })
  for (const event of ['ready', 'change', 'loaderror']) {
    element.on(event, (detail) => {
      stripeEvents.push({ event, ...detail })
      if (event !== 'change') resolve(stripeEvents.at(-1))
    })
  }
  element.mount('#card')
})"""
CONFIRM = """() => stripe.confirmPayment({
  elements, confirmParams: { return_url: location.href }, redirect: 'if_required',
})"""


@dataclass
class Checkout:
    """The shop's page, open; the shop's server side; and the browser's errors."""

    page: Page
    api: stripe.StripeClient
    written: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe reports. Violations of the page's policy by axe's own inline styles are left out."""
        assert self.written == []
        self.page.evaluate(AXE.read_text())
        report = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        self.written.clear()
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in report["violations"]]


@contextmanager
def open_checkout(store: Path, page: Page) -> Iterator[Checkout]:
    """A checkout with a strict policy. Raises AssertionError for a violation."""
    with stripe_site(store) as (site, _), serving(shop(site)) as address:
        checkout = Checkout(page, client(address))

        def note(message: ConsoleMessage) -> None:
            if not re.search("status of (400|402|404)", message.text):  # Chromium writes down every refusal
                checkout.written.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: checkout.written.append(str(error)))
        page.goto(address)
        yield checkout
    assert checkout.written == []


def order(api: stripe.StripeClient) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create({"amount": 4860, "currency": "eur", "capture_method": "manual"})


def mount(page: Page, intent: stripe.PaymentIntent, appearance: dict[str, Any] | None = None) -> Any:
    return page.evaluate(MOUNT, [PUBLISHABLE_KEY, intent.client_secret, appearance])


def fill(page: Page, number: str, expiry: str = "12 / 40", code: str = "123") -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry date").fill(expiry)
    page.get_by_label("Security code").fill(code)
