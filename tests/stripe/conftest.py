"""A Stripe account with a clock that stands still until told, and stripe-python talking to it."""

from itertools import count

import pytest
import stripe

from local.stripe.in_process import client
from local.stripe.machine import Stripe
from tests.stripe.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def machine(clock: Clock) -> Stripe:
    """An empty account; its ids count up."""
    number = count(1)
    return Stripe(clock, ids=lambda prefix: f"{prefix}{next(number):06d}")


@pytest.fixture
def api(machine: Stripe) -> stripe.StripeClient:
    """What the payments service holds: a StripeClient with the secret key."""
    return client(machine)


@pytest.fixture
def intent(api: stripe.StripeClient) -> stripe.PaymentIntent:
    """An order's intent for 48.60 €, to be captured later, not yet paid."""
    return api.v1.payment_intents.create(
        {
            "amount": 4860,
            "currency": "eur",
            "capture_method": "manual",
            "allowed_payment_method_types": ["card"],
            "metadata": {"orderId": "o1"},
        },
        {"idempotency_key": "order-o1"},
    )
