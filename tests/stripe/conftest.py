"""A Stripe account with a clock that stands still until told, and stripe-python talking to it."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import stripe
from playwright.sync_api import Page

from local.stripe.in_process import client
from local.stripe.machine import Stripe
from tests.stripe.checkout import Checkout, open_checkout
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; without one, whatever `playwright install chromium` brought."""
    chromium = shutil.which("chromium")
    own = {} if chromium is None else {"executable_path": chromium, "args": ["--no-sandbox"]}
    return browser_type_launch_args | own


@pytest.fixture
def checkout(tmp_path: Path, page: Page) -> Iterator[Checkout]:
    """The shop's checkout page, open in a browser."""
    with open_checkout(tmp_path / "stripe.db", page) as checkout:
        yield checkout
