"""What a buyer sees of Stripe: the card form, what is wrong with a card, the bank's question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import stripe
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.stripe.shop import shop
from tests.stripe.site import PUBLISHABLE_KEY, client, serving, stripe_site

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"

MOUNT = """([key, clientSecret, appearance]) => new Promise((resolve) => {
  window.told = []
  window.stripe = Stripe(key)
  window.elements = stripe.elements({ clientSecret, appearance, loader: 'never', locale: 'en' })
  window.element = elements.create('payment', { layout: 'tabs' })
  for (const event of ['ready', 'change', 'loaderror']) {
    element.on(event, (detail) => {
      told.push({ event, ...detail })
      if (event !== 'change') resolve(told.at(-1))
    })
  }
  element.mount('#card')
})"""
CONFIRM = """() => stripe.confirmPayment({
  elements, confirmParams: { return_url: location.href }, redirect: 'if_required',
})"""


@dataclass
class Checkout:
    """The shop's page, open; the shop's server side; and what browsers only write when something is wrong."""

    page: Page
    api: stripe.StripeClient
    written: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe finds. Its own inline styles offend the page's policy: those are forgotten."""
        assert self.written == []
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        self.written.clear()
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found["violations"]]


@pytest.fixture
def checkout(tmp_path: Path, page: Page) -> Iterator[Checkout]:
    """A checkout under a strict policy, which must not be offended."""
    with stripe_site(tmp_path / "stripe.db") as (site, _), serving(shop(site)) as address:
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


def test_a_good_card_pays(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    intent = order(api)
    assert mount(page, intent)["event"] == "ready"
    fill(page, "4242424242424242")
    expect(page.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")
    result = page.evaluate(CONFIRM)
    assert result["paymentIntent"]["status"] == "requires_capture"
    assert "metadata" not in result["paymentIntent"]
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_the_form_tells_when_it_is_complete(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4242424242424242")
    told = [event for event in page.evaluate("told") if event["event"] == "change"]
    assert [(event["empty"], event["complete"]) for event in told] == [(False, False), (False, True)]
    assert told[0]["value"] == {"type": "card"}


def test_what_is_wrong_is_said_beside_the_field(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4242424242424241", "01 / 20", "12")
    result = page.evaluate(CONFIRM)
    assert (result["error"]["type"], result["error"]["code"]) == ("validation_error", "invalid_number")
    number = page.get_by_label("Card number")
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description("Your card number is invalid.")
    expect(page.get_by_label("Expiry date")).to_have_accessible_description(
        "Your card’s expiry year is in the past."
    )
    expect(page.get_by_label("Security code")).to_have_accessible_description(
        "Your card’s security code is incomplete."
    )
    number.fill("4242424242424242")
    expect(number).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("number", "decline_code"),
    [("4000000000000002", "generic_decline"), ("4000000000009995", "insufficient_funds")],
)
def test_a_declined_card_is_an_error_and_another_may_follow(
    checkout: Checkout, number: str, decline_code: str
) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, number)
    error = page.evaluate(CONFIRM)["error"]
    assert (error["type"], error["code"], error["decline_code"]) == (
        "card_error",
        "card_declined",
        decline_code,
    )
    assert error["payment_intent"]["status"] == "requires_payment_method"
    fill(page, "4242424242424242")
    assert page.evaluate(CONFIRM)["paymentIntent"]["status"] == "requires_capture"


@pytest.mark.parametrize("button", ["Complete", "Fail"])
def test_the_bank_asks_in_a_dialog(checkout: Checkout, button: str) -> None:
    page, api = checkout.page, checkout.api
    intent = order(api)
    mount(page, intent)
    fill(page, "4000002500003155")
    page.evaluate(f"() => {{ window.paying = ({CONFIRM})() }}")
    expect(page.get_by_role("dialog", name="3-D Secure")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("heading")).to_be_visible()
    assert checkout.violations() == []
    page.frame_locator("iframe").get_by_role("button", name=button).click()
    result = page.evaluate("paying")
    expect(page.get_by_role("dialog")).to_have_count(0)
    if button == "Complete":
        assert result["paymentIntent"]["status"] == "requires_capture"
    else:
        assert result["error"]["code"] == "payment_intent_authentication_failure"
        assert result["error"]["payment_intent"]["status"] == "requires_payment_method"


def test_closing_the_dialog_fails_the_step(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4000002500003155")
    page.evaluate(f"() => {{ window.paying = ({CONFIRM})() }}")
    expect(page.frame_locator("iframe").get_by_role("button", name="Complete")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("paying")["error"]["code"] == "payment_intent_authentication_failure"


def test_a_next_action_can_be_taken_up_after_a_reload(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    intent = api.v1.payment_intents.create(
        {
            "amount": 4860,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_authenticationRequired",
        }
    )
    page.evaluate(
        "([key, clientSecret]) => { window.acting = Stripe(key).handleNextAction({ clientSecret }) }",
        [PUBLISHABLE_KEY, intent.client_secret],
    )
    page.frame_locator("iframe").get_by_role("button", name="Complete").click()
    assert page.evaluate("acting")["paymentIntent"]["status"] == "succeeded"


def test_an_intent_that_cannot_be_paid_does_not_load(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    intent = order(api)
    api.v1.payment_intents.cancel(intent.id)
    told = mount(page, intent)
    assert (told["event"], told["error"]["code"]) == ("loaderror", "payment_intent_unexpected_state")


def test_a_broken_connection_is_an_error_the_page_can_tell(
    checkout: Checkout,
) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4242424242424242")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")
    assert page.evaluate(CONFIRM)["error"]["type"] == "api_connection_error"


def test_with_redirects_a_payment_leads_to_the_return_url(
    checkout: Checkout,
) -> None:
    page, api = checkout.page, checkout.api
    intent = order(api)
    mount(page, intent)
    fill(page, "4242424242424242")
    there = "{ return_url: location.origin + '/done' }"
    page.evaluate(f"() => {{ stripe.confirmPayment({{ elements, confirmParams: {there} }}) }}")
    page.wait_for_url(f"**/done?payment_intent={intent.id}&**redirect_status=succeeded")


def test_misuse_is_an_integration_error(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    caught = "(act) => { try { act() } catch (error) { return error.name } }"
    for misuse in (
        "Stripe('')",
        "Stripe('sk_test_1')",
        "stripe.elements({})",
        "elements.create('payment')",
        "elements.create('card')",
        "element.mount('#nowhere')",
        "(element.destroy(), element.mount('#card'))",
    ):
        assert page.evaluate(f"() => ({caught})(() => {misuse})") == "IntegrationError", misuse


def test_the_element_does_what_its_methods_say(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    number = page.get_by_label("Card number")
    page.evaluate("element.focus()")
    expect(number).to_be_focused()
    page.evaluate("element.blur()")
    expect(number).not_to_be_focused()
    number.fill("4242")
    page.evaluate("element.clear()")
    expect(number).to_have_value("")
    page.evaluate("element.update({ readOnly: true })")
    expect(number).not_to_be_editable()
    page.evaluate("elements.update({ appearance: { variables: { colorText: 'rgb(1, 2, 3)' } } })")
    expect(page.get_by_text("Card number")).to_have_css("color", "rgb(1, 2, 3)")
    assert page.evaluate("elements.getElement('payment') === element")
    page.evaluate("element.unmount()")
    expect(number).to_have_count(0)
    page.evaluate("() => new Promise((done) => element.once('ready', done).mount('#card'))")
    expect(number).to_be_visible()
    page.evaluate("element.destroy()")
    expect(number).to_have_count(0)
    assert page.evaluate("elements.getElement('payment')") is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("1/28", "01 / 28"), ("128", "12 / 8"), ("3", "03"), ("0328", "03 / 28"), ("12/2028", "12 / 28")],
)
def test_an_expiry_date_may_be_typed_in_many_ways(checkout: Checkout, typed: str, shown: str) -> None:
    mount(checkout.page, order(checkout.api))
    field = checkout.page.get_by_label("Expiry date")
    field.press_sequentially(typed)
    expect(field).to_have_value(shown)


@pytest.mark.parametrize(
    ("scheme", "appearance"),
    [
        ("light", None),
        ("dark", None),
        ("light", {"theme": "stripe", "variables": {"colorText": "rgb(23, 21, 43)"}}),
        ("dark", {"theme": "night", "variables": {"colorBackground": "rgb(28, 27, 41)"}}),
    ],
)
def test_the_form_is_accessible_in_every_look(
    checkout: Checkout, scheme: Any, appearance: dict[str, Any] | None
) -> None:
    page, api = checkout.page, checkout.api
    page.emulate_media(color_scheme=scheme)
    mount(page, order(api), appearance)
    fill(page, "4242", "1", "1")
    page.evaluate("elements.submit()")
    for name in ("Card number", "Expiry date", "Security code"):
        box = page.get_by_label(name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert checkout.violations() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_banks_page_is_accessible(checkout: Checkout, scheme: Any) -> None:
    page, api = checkout.page, checkout.api
    page.emulate_media(color_scheme=scheme)
    intent = api.v1.payment_intents.create(
        {
            "amount": 4860,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_authenticationRequired",
        }
    )
    assert intent.next_action is not None
    source = intent.next_action["use_stripe_sdk"]["source"]
    page.goto(f"{page.url.rstrip('/')}/_local/stripe/3ds/{source}")
    expect(page.get_by_role("button", name="Complete")).to_be_visible()
    assert checkout.violations() == []
