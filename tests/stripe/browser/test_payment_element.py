"""The stand-in for the Payment Element: methods, appearance, formatting of input."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stripe.browser.checkout import Checkout, fill, mount, order


def test_the_elements_methods(checkout: Checkout) -> None:
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
def test_an_expiry_date_is_accepted_in_many_formats(checkout: Checkout, typed: str, shown: str) -> None:
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
def test_the_form_is_accessible_with_every_appearance(
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
