"""A publishable key confirms and reads one intent, with its client secret."""

from typing import Any

import pytest
import stripe

from local.stripe.machine import ApiResponse, Stripe
from tests.stripe.clock import Clock

CARD = {"number": "4242 4242 4242 4242", "exp_month": "12", "exp_year": "40", "cvc": "123"}
HIDDEN = {"metadata", "latest_charge", "amount_capturable", "amount_received", "customer"}


class Browser:
    """Sends the requests of Stripe.js."""

    def __init__(self, machine: Stripe, intent: stripe.PaymentIntent) -> None:
        self.machine, self.intent, self.secret = machine, intent, intent.client_secret or ""

    def send(self, method: str, action: str = "", **fields: str) -> ApiResponse:
        form = {"key": self.machine.keys.publishable, "client_secret": self.secret} | fields
        text = "&".join(f"{name}={value}" for name, value in form.items())
        return self.machine.request(method, f"/v1/payment_intents/{self.intent.id}{action}", text)

    def confirm(self, card: dict[str, str] = CARD, **fields: str) -> ApiResponse:
        details = {f"payment_method_data[card][{name}]": value for name, value in card.items()}
        return self.send("POST", "/confirm", **{"payment_method_data[type]": "card", **details, **fields})


@pytest.fixture
def browser(machine: Stripe, intent: stripe.PaymentIntent) -> Browser:
    """The buyer's browser, at the checkout of the order."""
    return Browser(machine, intent)


def test_a_browser_confirms_with_a_card(browser: Browser, api: stripe.StripeClient) -> None:
    answer = browser.confirm()
    assert (answer.status, answer.body["status"]) == (200, "requires_capture")
    assert HIDDEN.isdisjoint(answer.body)
    assert api.v1.payment_intents.retrieve(browser.intent.id).amount_capturable == 4860


def test_a_browser_reads_its_intent(browser: Browser) -> None:
    answer = browser.send("GET")
    assert (answer.status, answer.body["id"]) == (200, browser.intent.id)
    assert HIDDEN.isdisjoint(answer.body)


def test_the_intent_in_an_error_has_public_fields_only(browser: Browser) -> None:
    answer = browser.confirm(CARD | {"number": "4000000000000002"})
    assert (answer.status, answer.body["error"]["code"]) == (402, "card_declined")
    assert HIDDEN.isdisjoint(answer.body["error"]["payment_intent"])
    browser.confirm()
    again = browser.confirm()
    assert again.body["error"]["code"] == "payment_intent_unexpected_state"
    assert HIDDEN.isdisjoint(again.body["error"]["payment_intent"])


@pytest.mark.parametrize("secret", ["", "pi_000001_secret_wrong"])
@pytest.mark.parametrize(("method", "action"), [("GET", ""), ("POST", "/confirm")])
def test_a_wrong_client_secret_is_refused(browser: Browser, secret: str, method: str, action: str) -> None:
    browser.secret = secret
    answer = browser.send(method, action)
    assert answer.status == 400
    assert "payment_intent" not in answer.body["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("POST", "/v1/payment_intents/{id}/capture"),
        ("POST", "/v1/payment_intents/{id}/cancel"),
        ("POST", "/v1/refunds"),
        ("GET", "/v1/events"),
        ("GET", "/v1/charges"),
    ],
)
def test_a_publishable_key_is_refused_for_other_operations(browser: Browser, method: str, path: str) -> None:
    answer = browser.machine.request(
        method,
        path.format(id=browser.intent.id),
        f"client_secret={browser.secret}",
        authorization=f"Bearer {browser.machine.keys.publishable}",
    )
    assert (answer.status, answer.body["error"]["code"]) == (401, "secret_key_required")


def test_a_missing_client_secret_is_refused(browser: Browser) -> None:
    for method, action in (("GET", ""), ("POST", "/confirm")):
        path = f"/v1/payment_intents/{browser.intent.id}{action}"
        answer = browser.machine.request(method, path, f"key={browser.machine.keys.publishable}")
        assert (answer.status, answer.body["error"]["code"]) == (401, "secret_key_required")


def test_card_numbers_from_a_server_are_refused(browser: Browser) -> None:
    answer = browser.confirm(key=browser.machine.keys.secret)
    assert (answer.status, answer.body["error"]["type"]) == (402, "invalid_request_error")
    assert answer.body["error"]["message"].startswith("Sending credit card numbers directly")


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "4111111111111111"}, "card_declined", "number"),
        ({"exp_month": "13"}, "invalid_expiry_month", "exp_month"),
        ({"exp_year": "20"}, "invalid_expiry_year", "exp_year"),
        ({"cvc": "12"}, "invalid_cvc", "cvc"),
    ],
)
def test_invalid_card_details_do_not_change_the_intent(
    browser: Browser, api: stripe.StripeClient, wrong: dict[str, str], code: str, param: str
) -> None:
    answer = browser.confirm(CARD | wrong)
    error = answer.body["error"]
    assert (answer.status, error["code"], error["param"]) == (402, code, param)
    after = api.v1.payment_intents.retrieve(browser.intent.id)
    assert (after.status, after.last_payment_error) == ("requires_payment_method", None)


def test_an_expired_card_is_refused(browser: Browser, clock: Clock) -> None:
    clock.advance(20 * 366 * 24 * 3600)
    assert browser.confirm().body["error"]["code"] == "invalid_expiry_year"


def secured(browser: Browser, number: str = "4000002500003155", **fields: str) -> tuple[Any, str]:
    """The next action of a confirm with a 3-D Secure card, and the challenge's id."""
    answer = browser.confirm(CARD | {"number": number}, **fields)
    assert answer.body["status"] == "requires_action"
    action = answer.body["next_action"]
    url = action[action["type"]]["url" if action["type"] == "redirect_to_url" else "stripe_js"]
    return action, url.rpartition("/")[2]


def test_stripe_js_opens_the_challenge_and_others_are_redirected(browser: Browser) -> None:
    action, _ = secured(browser, use_stripe_sdk="true", return_url="https://tiketz.example/")
    assert action["type"] == "use_stripe_sdk"
    action, _ = secured(browser, return_url="https://tiketz.example/")
    assert action["redirect_to_url"]["return_url"] == "https://tiketz.example/"


def test_a_passed_challenge_authorises_the_payment(browser: Browser, machine: Stripe) -> None:
    _, challenge = secured(browser)
    intent = machine.complete_challenge(challenge, passed=True)
    assert intent is not None
    assert (intent["status"], intent["next_action"]) == ("requires_capture", None)
    assert machine.complete_challenge(challenge, passed=False) is None
    assert browser.send("GET").body["status"] == "requires_capture"


def test_a_failed_challenge_lets_the_buyer_try_again(browser: Browser, machine: Stripe) -> None:
    _, challenge = secured(browser)
    intent = machine.complete_challenge(challenge, passed=False)
    assert intent is not None
    assert intent["status"] == "requires_payment_method"
    assert intent["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert browser.confirm().body["status"] == "requires_capture"


def test_a_card_may_be_declined_after_its_challenge(browser: Browser, machine: Stripe) -> None:
    _, challenge = secured(browser, "4000008260003178")
    intent = machine.complete_challenge(challenge, passed=True)
    assert intent is not None
    assert intent["last_payment_error"]["decline_code"] == "insufficient_funds"


def test_cancelling_a_payment_closes_its_challenge(
    browser: Browser, machine: Stripe, api: stripe.StripeClient
) -> None:
    _, challenge = secured(browser)
    assert api.v1.payment_intents.cancel(browser.intent.id).status == "canceled"
    assert machine.complete_challenge(challenge, passed=True) is None
    assert api.v1.payment_intents.retrieve(browser.intent.id).status == "canceled"


def test_a_new_card_closes_the_old_challenge(browser: Browser, machine: Stripe) -> None:
    _, challenge = secured(browser)
    assert browser.confirm().body["status"] == "requires_capture"
    assert machine.complete_challenge(challenge, passed=False) is None
    assert browser.send("GET").body["status"] == "requires_capture"
