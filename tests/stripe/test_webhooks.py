"""Deliveries to the webhook endpoint."""

import json
from collections import Counter

import pytest
import stripe

from local.stripe.in_process import deliver
from local.stripe.machine import Stripe
from local.stripe.webhooks import Delivery
from tests.stripe.clock import Clock


def test_a_delivery_is_signed_as_the_sdk_verifies_it(intent: stripe.PaymentIntent, machine: Stripe) -> None:
    [delivery] = machine.deliveries()
    signature = delivery.headers["Stripe-Signature"]
    assert stripe.WebhookSignature.verify_header(delivery.body, signature, machine.webhook_secret)
    event = stripe.Webhook.construct_event_without_verification(delivery.body)
    assert (event.type, event.data.object["id"]) == ("payment_intent.created", intent.id)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(delivery.body + " ", signature, machine.webhook_secret)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(delivery.body, signature, "whsec_another")


def test_an_accepted_delivery_is_not_repeated(intent: stripe.PaymentIntent, machine: Stripe) -> None:
    accepted: list[Delivery] = []

    def accept(delivery: Delivery) -> int:
        accepted.append(delivery)
        return 200

    assert deliver(machine, accept) == 1
    assert deliver(machine, accept) == 0
    assert [delivery.type for delivery in accepted] == ["payment_intent.created"]


def test_a_failed_delivery_is_retried_with_growing_delays(
    intent: stripe.PaymentIntent, machine: Stripe, clock: Clock
) -> None:
    waits = []
    for _ in range(5):
        assert deliver(machine, lambda delivery: 500) == 0
        waited = 0
        while not machine.deliveries():
            clock.advance(1)
            waited += 1
        waits.append(waited)
    assert waits == [1, 2, 4, 8, 16]
    [delivery] = machine.deliveries()
    assert delivery.attempt == 6
    assert delivery.headers["Stripe-Signature"].startswith(f"t={int(clock.now)},v1=")


def test_a_delivery_is_dropped_after_three_days(
    intent: stripe.PaymentIntent, machine: Stripe, clock: Clock
) -> None:
    attempts: Counter[str] = Counter()
    for _ in range(4 * 24):
        for delivery in machine.deliveries():
            attempts[delivery.id] += 1
            machine.mark_failed(delivery)
        clock.advance(3600)
    assert machine.deliveries() == []
    assert 70 <= attempts.total() <= 75


def test_deliveries_may_be_repeated_reordered_and_dropped(
    api: stripe.StripeClient, intent: stripe.PaymentIntent, machine: Stripe
) -> None:
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    created, succeeded, held = machine.deliveries()
    machine.mark_delivered(held)
    machine.mark_delivered(held)
    assert [delivery.id for delivery in machine.deliveries()] == [created.id, succeeded.id]
    machine.mark_failed(held)
    assert len(machine.deliveries()) == 2


def test_pending_deliveries_survive_a_dump(
    intent: stripe.PaymentIntent, machine: Stripe, clock: Clock
) -> None:
    deliver(machine, lambda delivery: 503)
    copy = Stripe(clock)
    copy.load(json.loads(json.dumps(machine.dump())))
    assert copy.deliveries() == []
    clock.advance(1)
    [delivery] = copy.deliveries()
    assert (delivery.type, delivery.attempt) == ("payment_intent.created", 2)


def test_an_endpoint_gets_only_the_types_that_are_enabled(clock: Clock) -> None:
    machine = Stripe(clock, enabled_events={"payment_intent.canceled"})
    key = f"Bearer {machine.keys.secret}"
    form = "amount=100&currency=eur"
    intent = machine.request("POST", "/v1/payment_intents", form, authorization=key).body
    assert machine.deliveries() == []
    machine.request("POST", f"/v1/payment_intents/{intent['id']}/cancel", authorization=key)
    assert [delivery.type for delivery in machine.deliveries()] == ["payment_intent.canceled"]
    assert len(machine.ledger.rows["event"]) == 2
