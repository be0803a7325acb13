"""Disputes and inquiries about captured payments."""

import pytest
import stripe

from local.stripe.errors import ApiError
from local.stripe.machine import Stripe
from tests.stripe.clock import Clock


def pay(api: stripe.StripeClient, card: str) -> stripe.PaymentIntent:
    """An intent of 48.60 € that was captured by itself."""
    return api.v1.payment_intents.create(
        {"amount": 4860, "currency": "eur", "confirm": True, "payment_method": f"pm_card_{card}"}
    )


def dispute_of(api: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.Dispute:
    [dispute] = api.v1.disputes.list({"payment_intent": intent.id}).data
    return dispute


def respond(api: stripe.StripeClient, dispute: stripe.Dispute, evidence: str) -> stripe.Dispute:
    return api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}})


def event_types(machine: Stripe) -> list[str]:
    """The types of the events about disputes, oldest first."""
    types = [event["type"] for event in machine.ledger.rows["event"].values()]
    return [each.removeprefix("charge.dispute.") for each in types if each.startswith("charge.dispute.")]


@pytest.mark.parametrize("capture", ["automatic", "manual"])
def test_a_disputing_card_disputes_the_captured_charge(
    api: stripe.StripeClient, machine: Stripe, clock: Clock, intent: stripe.PaymentIntent, capture: str
) -> None:
    if capture == "manual":
        api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_createDispute"})
        clock.advance(60)
        assert api.v1.disputes.list().data == []
        paid = api.v1.payment_intents.capture(intent.id)
    else:
        paid = pay(api, "createDispute")
    clock.advance(5)
    dispute = dispute_of(api, paid)
    assert (dispute.status, dispute.amount, dispute.currency) == ("needs_response", 4860, "eur")
    assert (dispute.reason, dispute.is_charge_refundable) == ("fraudulent", False)
    assert [each.amount for each in dispute.balance_transactions] == [-4860]
    assert api.v1.charges.retrieve(str(paid.latest_charge)).disputed is True
    assert event_types(machine) == ["created", "funds_withdrawn"]


def test_a_disputed_charge_is_not_refunded(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    paid = pay(api, "createDisputeProductNotReceived")
    clock.advance(5)
    with pytest.raises(stripe.InvalidRequestError, match="has been charged back") as refused:
        api.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"


def test_a_won_dispute_returns_the_money(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    paid = pay(api, "createDispute")
    clock.advance(5)
    won = respond(api, dispute_of(api, paid), "winning_evidence")
    assert (won.status, won.is_charge_refundable) == ("won", True)
    assert [each.amount for each in won.balance_transactions] == [-4860, 4860]
    assert event_types(machine) == ["created", "funds_withdrawn", "closed", "funds_reinstated"]
    assert api.v1.refunds.create({"payment_intent": paid.id}).amount == 4860


@pytest.mark.parametrize("how", ["evidence", "accepted"])
def test_a_lost_dispute_leaves_nothing_to_refund(
    api: stripe.StripeClient, machine: Stripe, clock: Clock, how: str
) -> None:
    paid = pay(api, "createDispute")
    clock.advance(5)
    dispute = dispute_of(api, paid)
    lost = (
        respond(api, dispute, "losing_evidence") if how == "evidence" else api.v1.disputes.close(dispute.id)
    )
    assert lost.status == "lost"
    assert event_types(machine) == ["created", "funds_withdrawn", "closed"]
    with pytest.raises(stripe.InvalidRequestError, match="has been charged back"):
        api.v1.refunds.create({"payment_intent": paid.id})


def test_other_evidence_is_reviewed(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    paid = pay(api, "createDispute")
    clock.advance(5)
    assert respond(api, dispute_of(api, paid), "She was there.").status == "under_review"
    assert event_types(machine) == ["created", "funds_withdrawn", "updated"]
    with pytest.raises(stripe.InvalidRequestError, match="can't be closed"):
        api.v1.disputes.close(dispute_of(api, paid).id)


def test_an_inquiry_withdraws_nothing_and_may_be_refunded(
    api: stripe.StripeClient, machine: Stripe, clock: Clock
) -> None:
    paid = pay(api, "createDisputeInquiry")
    clock.advance(5)
    inquiry = dispute_of(api, paid)
    assert (inquiry.status, inquiry.is_charge_refundable) == ("warning_needs_response", True)
    assert inquiry.balance_transactions == []
    assert api.v1.refunds.create({"payment_intent": paid.id}).status == "succeeded"
    assert respond(api, inquiry, "winning_evidence").status == "warning_closed"
    assert event_types(machine) == ["created", "closed"]


def test_an_escalated_inquiry_is_a_dispute(api: stripe.StripeClient, machine: Stripe, clock: Clock) -> None:
    paid = pay(api, "createDisputeInquiry")
    clock.advance(5)
    dispute = respond(api, dispute_of(api, paid), "escalate_inquiry_evidence")
    assert (dispute.status, dispute.is_charge_refundable) == ("needs_response", False)
    assert [each.amount for each in dispute.balance_transactions] == [-4860]
    assert event_types(machine) == ["created", "updated", "funds_withdrawn"]


def test_what_was_refunded_is_not_disputed(api: stripe.StripeClient, clock: Clock) -> None:
    paid = pay(api, "createDispute")
    api.v1.refunds.create({"payment_intent": paid.id})
    clock.advance(5)
    assert api.v1.disputes.list({"payment_intent": paid.id}).data == []


def test_a_part_may_be_disputed_and_the_rest_refunded(api: stripe.StripeClient, machine: Stripe) -> None:
    paid = pay(api, "visa")
    machine.dispute(paid.id, 860)
    machine.end_dispute(paid.id, "lost")
    with pytest.raises(stripe.InvalidRequestError, match="is greater than"):
        api.v1.refunds.create({"payment_intent": paid.id, "amount": 4001})
    assert api.v1.refunds.create({"payment_intent": paid.id}).amount == 4000
    assert machine.end_dispute(paid.id, "won") is None


def test_only_what_was_captured_can_be_disputed(
    api: stripe.StripeClient, machine: Stripe, intent: stripe.PaymentIntent
) -> None:
    with pytest.raises(ApiError, match="No such charge"):
        machine.dispute(intent.id)
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(ApiError, match="can't be disputed"):
        machine.dispute(intent.id)
    api.v1.payment_intents.capture(intent.id)
    with pytest.raises(ApiError, match="can't be disputed"):
        machine.dispute(intent.id, 4861)
    machine.dispute(intent.id)
    with pytest.raises(ApiError, match="can't be disputed"):
        machine.dispute(intent.id)
