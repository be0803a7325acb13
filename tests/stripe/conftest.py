"""A Stripe account with a clock that stands still, and stripe-python as its client."""

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
    """A StripeClient with the secret key, as the payments service has."""
    return client(machine)


@pytest.fixture
def intent(api: stripe.StripeClient) -> stripe.PaymentIntent:
    """An order's intent for 48.60 €, with manual capture, not paid."""
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
