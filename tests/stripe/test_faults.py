"""Injected faults between a client and Stripe."""

import pytest
import stripe

from local.stripe.faults import Crash, Fault
from local.stripe.in_process import client
from local.stripe.machine import Stripe

NEW: stripe.params.PaymentIntentCreateParams = {"amount": 4860, "currency": "eur"}


def once(machine: Stripe, fault: Fault) -> None:
    """Injects `fault` into the next request alone."""
    faults: list[Fault] = [fault]
    machine.fault = lambda _: faults.pop() if faults else None


@pytest.mark.parametrize(
    ("fault", "raised", "done"),
    [
        ("crash_before", Crash, False),
        ("crash_after", Crash, True),
        ("lost_request", stripe.APIConnectionError, False),
        ("lost_reply", stripe.APIConnectionError, True),
        ("error_500", stripe.APIError, False),
        ("error_500_after", stripe.APIError, True),
        ("rate_limit", stripe.RateLimitError, False),
        ("lock_timeout", stripe.RateLimitError, False),
        ("amount_too_small", stripe.InvalidRequestError, False),
        ("bad_request", stripe.InvalidRequestError, False),
    ],
)
def test_a_fault_hides_from_the_caller_what_was_executed(
    api: stripe.StripeClient, machine: Stripe, fault: Fault, raised: type[BaseException], done: bool
) -> None:
    once(machine, fault)
    with pytest.raises(raised):
        api.v1.payment_intents.create(NEW)
    assert len(api.v1.payment_intents.list().data) == done


def test_a_fault_is_chosen_by_operation(api: stripe.StripeClient, machine: Stripe) -> None:
    operations: list[str] = []
    machine.fault = operations.append
    intent = api.v1.payment_intents.create(NEW)
    api.v1.payment_intents.retrieve(intent.id)
    api.v1.payment_intents.cancel(intent.id)
    api.v1.events.list()
    assert operations == [
        "payment_intents.create",
        "payment_intents.retrieve",
        "payment_intents.cancel",
        "events.list",
    ]


@pytest.mark.parametrize("fault", ["lost_request", "lost_reply"])
def test_the_sdk_retries_a_broken_request_under_one_key(machine: Stripe, fault: Fault) -> None:
    once(machine, fault)
    api = client(machine, max_network_retries=1)
    assert api.v1.payment_intents.create(NEW).amount == 4860
    assert len(api.v1.payment_intents.list().data) == 1


def test_a_locked_object_is_a_429(api: stripe.StripeClient, machine: Stripe) -> None:
    intent = api.v1.payment_intents.create(NEW)
    once(machine, "lock_timeout")
    with pytest.raises(stripe.RateLimitError, match="cannot be accessed right now") as refused:
        api.v1.payment_intents.cancel(intent.id)
    assert refused.value.http_status == 429
    assert refused.value.error is not None
    assert refused.value.error.code == "lock_timeout"
    assert refused.value.headers is not None
    assert refused.value.headers["stripe-should-retry"] == "true"


def test_a_crashed_caller_loses_nothing_executed(api: stripe.StripeClient, machine: Stripe) -> None:
    intent = api.v1.payment_intents.create({**NEW, "capture_method": "manual"})
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    once(machine, "crash_after")
    with pytest.raises(Crash):
        api.v1.payment_intents.capture(intent.id)
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert machine.deliveries()[-1].type == "payment_intent.succeeded"
