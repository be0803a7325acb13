"""The buyer's checkout: the card form, its errors, and the bank's 3-D Secure dialog."""

import time

import pytest
from playwright.sync_api import Route, expect

from tests.stripe.browser.checkout import CONFIRM, Checkout, fill, mount, order
from tests.stripe.site import PUBLISHABLE_KEY


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


def test_the_form_reports_when_it_is_complete(checkout: Checkout) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4242424242424242")
    events = [event for event in page.evaluate("stripeEvents") if event["event"] == "change"]
    assert [(event["empty"], event["complete"]) for event in events] == [(False, False), (False, True)]
    assert events[0]["value"] == {"type": "card"}


def test_an_error_is_shown_beside_its_field(checkout: Checkout) -> None:
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
def test_a_declined_card_is_an_error_and_another_card_pays(
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
def test_the_bank_opens_in_a_dialog(checkout: Checkout, button: str) -> None:
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


@pytest.mark.parametrize("slowly", [0.0, 1.0])
def test_closing_the_dialog_fails_the_step(checkout: Checkout, slowly: float) -> None:
    """Also where the bank's script is `slowly` seconds late: the dialog closes as soon as it is shown."""
    page, api = checkout.page, checkout.api

    def late(route: Route) -> None:
        time.sleep(slowly)
        route.continue_()

    page.route("**/bank.js", late)
    mount(page, order(api))
    fill(page, "4000002500003155")
    page.evaluate(f"() => {{ window.paying = ({CONFIRM})() }}")
    expect(page.frame_locator("iframe").get_by_role("button", name="Complete")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("paying")["error"]["code"] == "payment_intent_authentication_failure"


def test_a_next_action_continues_after_a_reload(checkout: Checkout) -> None:
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
    event = mount(page, intent)
    assert (event["event"], event["error"]["code"]) == ("loaderror", "payment_intent_unexpected_state")


def test_a_broken_connection_is_an_error_for_the_page(
    checkout: Checkout,
) -> None:
    page, api = checkout.page, checkout.api
    mount(page, order(api))
    fill(page, "4242424242424242")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")
    assert page.evaluate(CONFIRM)["error"]["type"] == "api_connection_error"


def test_with_redirects_a_payment_ends_at_the_return_url(
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
