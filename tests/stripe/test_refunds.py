"""Refunds of captured payments."""

import pytest
import stripe

from local.stripe.machine import Stripe
from tests.stripe.clock import Clock


@pytest.fixture
def paid(api: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.PaymentIntent:
    """The order's intent, captured."""
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    return api.v1.payment_intents.capture(intent.id)


def charge_of(api: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.Charge:
    charge = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.refunds"]}).latest_charge
    assert isinstance(charge, stripe.Charge)
    return charge


def test_a_refund_returns_the_whole_captured_amount(
    api: stripe.StripeClient, paid: stripe.PaymentIntent, machine: Stripe
) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id}, {"idempotency_key": "refund-o1"})
    assert (refund.status, refund.amount, refund.payment_intent) == ("succeeded", 4860, paid.id)
    charge = charge_of(api, paid)
    assert (charge.refunded, charge.amount_refunded) == (True, 4860)
    assert charge.refunds is not None
    assert [each.id for each in charge.refunds.data] == [refund.id]
    assert api.v1.payment_intents.retrieve(paid.id).status == "succeeded"
    events = list(machine.ledger.rows["event"].values())[-2:]
    assert [event["type"] for event in events] == ["refund.created", "charge.refunded"]
    assert events[1]["data"]["previous_attributes"] == {"amount_refunded": 0, "refunded": False}


def test_nothing_is_refunded_twice(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    api.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError, match="has already been refunded") as refused:
        api.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_already_refunded"


def test_partial_refunds_add_up_to_the_whole_at_most(
    api: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    api.v1.refunds.create({"payment_intent": paid.id, "amount": 860, "reason": "requested_by_customer"})
    assert charge_of(api, paid).refunded is False
    with pytest.raises(stripe.InvalidRequestError, match=r"\(€40\.01\) is greater than unrefunded amount"):
        api.v1.refunds.create({"payment_intent": paid.id, "amount": 4001})
    api.v1.refunds.create({"charge": str(paid.latest_charge)})
    charge = charge_of(api, paid)
    assert (charge.refunded, charge.amount_refunded) == (True, 4860)
    assert [each.amount for each in api.v1.refunds.list({"payment_intent": paid.id}).data] == [4000, 860]


def test_only_what_was_captured_can_be_refunded(
    api: stripe.StripeClient, intent: stripe.PaymentIntent
) -> None:
    for act in (
        lambda: None,
        lambda: api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}),
    ):
        act()
        with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge to refund"):
            api.v1.refunds.create({"payment_intent": intent.id})
    api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 4000})
    assert api.v1.refunds.create({"payment_intent": intent.id}).amount == 4000
    assert charge_of(api, intent).refunded is True


def test_a_refund_needs_an_intent_or_a_charge(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        api.v1.refunds.create({})
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent: 'pi_none'"):
        api.v1.refunds.create({"payment_intent": "pi_none"})
    with pytest.raises(stripe.InvalidRequestError, match="No such charge: 'ch_none'"):
        api.v1.refunds.create({"charge": "ch_none"})
    with pytest.raises(stripe.InvalidRequestError, match="No such refund: 're_none'"):
        api.v1.refunds.retrieve("re_none")


def test_a_refund_in_the_dashboard_has_the_same_events(
    api: stripe.StripeClient, paid: stripe.PaymentIntent, machine: Stripe
) -> None:
    refund = machine.refund_from_dashboard(paid.id)
    assert api.v1.refunds.retrieve(refund["id"]).amount == 4860
    newest = api.v1.events.list({"limit": 1}).data[0]
    assert newest.type == "charge.refunded"
    assert newest.request is not None
    assert newest.request.id is None


def test_a_refund_may_fail_later(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    paid = api.v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_refundFail"}
    )
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == "succeeded"
    clock.advance(5)
    assert api.v1.refunds.retrieve(refund.id).status == "failed"
    charge = charge_of(api, paid)
    assert (charge.refunded, charge.amount_refunded) == (False, 0)
    assert [event.type for event in api.v1.events.list({"limit": 2}).data] == [
        "refund.failed",
        "refund.updated",
    ]
    again = api.v1.refunds.create({"payment_intent": paid.id})
    clock.advance(60)
    assert api.v1.refunds.retrieve(again.id).status == "succeeded"


def test_a_refund_may_succeed_later(api: stripe.StripeClient, clock: Clock) -> None:
    paid = api.v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_pendingRefund"}
    )
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert charge_of(api, paid).amount_refunded == 100
    clock.advance(5)
    assert api.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert api.v1.events.list({"limit": 1}).data[0].type == "refund.updated"
