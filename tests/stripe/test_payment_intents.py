"""The states of a payment, through stripe-python."""

import pytest
import stripe

from local.stripe.in_process import client
from local.stripe.machine import Stripe
from tests.stripe.clock import Clock

DAY = 24 * 3600


def pay(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, card: str = "pm_card_visa"
) -> stripe.PaymentIntent:
    return api.v1.payment_intents.confirm(intent.id, {"payment_method": card})


def types(machine: Stripe) -> list[str]:
    return [event["type"] for event in machine.ledger.rows["event"].values()]


def test_a_new_intent_waits_for_a_payment_method(intent: stripe.PaymentIntent, machine: Stripe) -> None:
    assert intent.status == "requires_payment_method"
    assert (intent.amount, intent.currency, intent.capture_method) == (4860, "eur", "manual")
    assert intent.metadata["orderId"] == "o1"
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert types(machine) == ["payment_intent.created"]


def test_a_manual_payment_is_authorised_then_captured(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, machine: Stripe
) -> None:
    held = pay(api, intent)
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 4860, 0)

    paid = api.v1.payment_intents.capture(intent.id, {"expand": ["latest_charge"]})
    assert (paid.status, paid.amount_capturable, paid.amount_received) == ("succeeded", 0, 4860)
    charge = paid.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 4860, 0)
    assert types(machine) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_an_automatic_payment_is_paid_at_once(api: stripe.StripeClient, machine: Stripe) -> None:
    intent = api.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    assert pay(api, intent).status == "succeeded"
    assert types(machine)[1:] == ["charge.succeeded", "payment_intent.succeeded"]


def test_an_intent_may_be_created_and_confirmed_in_one_request(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 500, "currency": "gbp", "confirm": True, "payment_method": "pm_card_visa"}
    )
    assert intent.status == "succeeded"


def test_an_intent_with_a_payment_method_waits_for_confirmation(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 500, "currency": "gbp", "payment_method": "pm_card_visa"}
    )
    assert intent.status == "requires_confirmation"
    assert api.v1.payment_intents.confirm(intent.id).status == "succeeded"


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
def test_a_declined_card_leaves_the_intent_payable(
    api: stripe.StripeClient,
    intent: stripe.PaymentIntent,
    machine: Stripe,
    card: str,
    code: str,
    decline_code: str,
) -> None:
    with pytest.raises(stripe.CardError) as refused:
        pay(api, intent, card)
    error = refused.value
    assert (error.http_status, error.code) == (402, code)
    assert error.error is not None
    assert error.error.payment_intent is not None
    assert error.error.decline_code == decline_code
    assert error.error.payment_intent.status == "requires_payment_method"
    assert types(machine)[1:] == ["charge.failed", "payment_intent.payment_failed"]

    after = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert after.last_payment_error is not None
    assert (after.last_payment_error.code, after.payment_method) == (code, None)
    assert isinstance(after.latest_charge, stripe.Charge)
    assert after.latest_charge.status == "failed"
    paid = pay(api, intent)
    assert (paid.status, paid.last_payment_error) == ("requires_capture", None)


def test_a_cancelled_authorisation_is_released(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, machine: Stripe
) -> None:
    pay(api, intent)
    cancelled = api.v1.payment_intents.cancel(
        intent.id, {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    )
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    assert (cancelled.amount_capturable, cancelled.amount_received) == (0, 0)
    assert isinstance(cancelled.latest_charge, stripe.Charge)
    assert (cancelled.latest_charge.captured, cancelled.latest_charge.amount_captured) == (False, 0)
    assert (cancelled.latest_charge.refunded, cancelled.latest_charge.amount_refunded) == (False, 0)
    assert types(machine)[-2:] == ["payment_intent.amount_capturable_updated", "payment_intent.canceled"]


def test_the_rest_of_a_partial_capture_is_released(
    api: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    pay(api, intent)
    paid = api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 4000, "expand": ["latest_charge"]})
    assert (paid.status, paid.amount_received) == ("succeeded", 4000)
    assert isinstance(paid.latest_charge, stripe.Charge)
    assert (paid.latest_charge.amount_captured, paid.latest_charge.amount_refunded) == (4000, 0)


def test_more_than_was_authorised_is_never_captured(
    api: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    pay(api, intent)
    with pytest.raises(stripe.InvalidRequestError, match="greater than the amount capturable") as refused:
        api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 4861})
    assert refused.value.code == "amount_too_large"


@pytest.mark.parametrize(
    ("done", "then", "message"),
    [
        ([], "capture", "could not be captured because it has a status of requires_payment_method"),
        (["confirm", "capture"], "capture", "has already been captured"),
        (
            ["confirm", "capture"],
            "cancel",
            "cannot cancel this PaymentIntent because it has a status of succeeded",
        ),
        (["confirm", "capture"], "confirm", "already succeeded"),
        (["confirm"], "confirm", "already succeeded"),
        (["cancel"], "cancel", "cannot cancel this PaymentIntent because it has a status of canceled"),
        (["cancel"], "capture", "could not be captured because it has a status of canceled"),
        (["cancel"], "confirm", "cannot confirm this PaymentIntent because it has a status of canceled"),
    ],
)
def test_an_unexpected_state_has_the_intent_in_its_error(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, done: list[str], then: str, message: str
) -> None:
    def do(what: str) -> None:
        if what == "confirm":
            pay(api, intent)
        else:
            getattr(api.v1.payment_intents, what)(intent.id)

    for what in done:
        do(what)
    before = api.v1.payment_intents.retrieve(intent.id)
    with pytest.raises(stripe.InvalidRequestError, match=message) as refused:
        do(then)
    assert (refused.value.http_status, refused.value.code) == (400, "payment_intent_unexpected_state")
    assert refused.value.error is not None
    assert refused.value.error.payment_intent is not None
    assert refused.value.error.payment_intent.id == intent.id
    assert api.v1.payment_intents.retrieve(intent.id) == before


def test_a_confirm_needs_a_payment_method(api: stripe.StripeClient, intent: stripe.PaymentIntent) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        api.v1.payment_intents.confirm(intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod: 'pm_nothing'") as refused:
        pay(api, intent, "pm_nothing")
    assert refused.value.code == "resource_missing"


def test_an_authorisation_expires_after_seven_days(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, machine: Stripe, clock: Clock
) -> None:
    pay(api, intent)
    clock.advance(7 * DAY - 1)
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    clock.advance(1)
    machine.run_due_jobs()
    assert types(machine)[-2:] == ["charge.expired", "payment_intent.canceled"]
    lapsed = api.v1.payment_intents.retrieve(intent.id)
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "expired")


def test_a_captured_authorisation_does_not_expire(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, clock: Clock
) -> None:
    pay(api, intent)
    api.v1.payment_intents.capture(intent.id)
    clock.advance(8 * DAY)
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_an_unknown_intent_is_a_404(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent: 'pi_none'") as refused:
        api.v1.payment_intents.retrieve("pi_none")
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (
        404,
        "resource_missing",
        "intent",
    )


def test_a_key_of_another_account_is_refused(machine: Stripe) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided: sk_test_"):
        client(machine, api_key="sk_test_somebody_else").v1.payment_intents.retrieve("pi_1")


def test_a_slow_issuer_leaves_the_intent_processing(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, machine: Stripe, clock: Clock
) -> None:
    machine.fault = lambda operation: "processing" if operation == "payment_intents.confirm" else None
    assert pay(api, intent).status == "processing"
    with pytest.raises(stripe.InvalidRequestError, match="status of processing"):
        api.v1.payment_intents.cancel(intent.id)
    clock.advance(30)
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    assert types(machine)[1:] == [
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
    ]
