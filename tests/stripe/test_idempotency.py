"""Requests repeated under one key are executed once and get the same response."""

import pytest
import stripe

from local.stripe.faults import Fault
from local.stripe.machine import Stripe
from tests.stripe.clock import Clock

NEW: stripe.params.PaymentIntentCreateParams = {"amount": 4860, "currency": "eur"}


def test_a_repeat_gets_the_first_response(api: stripe.StripeClient) -> None:
    first = api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    again = api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    assert again == first
    assert again.last_response is not None
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(api.v1.payment_intents.list().data) == 1


def test_a_repeat_gets_the_first_response_after_a_later_change(api: stripe.StripeClient) -> None:
    first = api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    api.v1.payment_intents.cancel(first.id)
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "k"}).status == "requires_payment_method"


def test_the_order_of_parameters_does_not_matter(machine: Stripe) -> None:
    def create(form: str) -> dict[str, object]:
        return machine.request(
            "POST",
            "/v1/payment_intents",
            form,
            authorization=f"Bearer {machine.keys.secret}",
            idempotency_key="k",
        ).body

    assert create("amount=100&currency=eur") == create("currency=eur&amount=100")


def test_one_key_with_other_parameters_is_refused(api: stripe.StripeClient) -> None:
    api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same parameters they were first used with") as refused:
        api.v1.payment_intents.create({"amount": 4861, "currency": "eur"}, {"idempotency_key": "k"})
    assert refused.value.http_status == 400


def test_one_key_at_another_endpoint_is_refused(
    api: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        api.v1.payment_intents.cancel(intent.id, {}, {"idempotency_key": "k"})


def test_a_decline_is_stored_under_its_key(api: stripe.StripeClient, intent: stripe.PaymentIntent) -> None:
    for _ in range(2):
        with pytest.raises(stripe.CardError, match="declined"):
            api.v1.payment_intents.confirm(
                intent.id, {"payment_method": "pm_card_chargeDeclined"}, {"idempotency_key": "k"}
            )
    assert len(api.v1.charges.list({"payment_intent": intent.id}).data) == 1


@pytest.mark.parametrize("fault", ["error_500", "error_500_after"])
def test_a_500_is_stored_under_its_key(api: stripe.StripeClient, machine: Stripe, fault: Fault) -> None:
    faults: list[Fault] = [fault]
    machine.fault = lambda _: faults.pop() if faults else None
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
        assert failed.value.http_status == 500
    assert len(api.v1.payment_intents.list().data) == (fault == "error_500_after")
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "another"}).amount == 4860


@pytest.mark.parametrize("fault", ["rate_limit", "lock_timeout", "lost_request"])
def test_a_response_without_execution_is_not_stored(
    api: stripe.StripeClient, machine: Stripe, fault: Fault
) -> None:
    faults: list[Fault] = [fault]
    machine.fault = lambda _: faults.pop() if faults else None
    with pytest.raises(stripe.StripeError):
        api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "k"}).amount == 4860


def test_a_refused_parameter_is_not_stored(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.create({"amount": 1, "currency": "eur"}, {"idempotency_key": "k"})
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "k"}).amount == 4860


def test_an_unexpected_state_is_stored_under_its_key(
    api: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    def capture() -> None:
        api.v1.payment_intents.capture(intent.id, {}, {"idempotency_key": "k"})

    with pytest.raises(stripe.InvalidRequestError, match="status of requires_payment_method"):
        capture()
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError, match="status of requires_payment_method"):
        capture()


def test_a_key_expires_after_a_day(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    first = api.v1.payment_intents.create(NEW, {"idempotency_key": "k"})
    clock.advance(24 * 3600 - 1)
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "k"}) == first
    clock.advance(1)
    assert api.v1.payment_intents.create(NEW, {"idempotency_key": "k"}) != first
    assert list(machine.ledger.rows["answer"]) == ["k"]


def test_a_key_of_more_than_255_characters_is_refused(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.IdempotencyError):
        api.v1.payment_intents.create(NEW, {"idempotency_key": "k" * 256})
    api.v1.payment_intents.create(NEW, {"idempotency_key": "k" * 255})


def test_a_stored_response_has_no_card_number(machine: Stripe, intent: stripe.PaymentIntent) -> None:
    card = "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242"
    rest = "payment_method_data[card][exp_month]=1&payment_method_data[card][exp_year]=2040"
    answer = machine.request(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        f"key={machine.keys.publishable}&client_secret={intent.client_secret}&{card}&{rest}",
        idempotency_key="k",
    )
    assert answer.body["status"] == "requires_capture"
    assert "4242424242424242" not in str(machine.dump())
