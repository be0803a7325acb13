"""The calls the payments service makes, sent to Stripe's own stripe-mock and to the stand-in.

stripe-mock checks each request against Stripe's API description and remembers nothing: what is proven here is
the shape of what we send and of what comes back.
"""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stripe
from payments.gateway import Gateway, PaymentProviderError
from payments.intent import IntentStatus
from payments.model import Order, OrderStatus

from local.stripe.machine import Stripe
from tests.support.requirements import require

VERSION = "v0.203.0"
PLACES = (Path(__file__).parents[2] / ".tools/bin/stripe-mock", Path.home() / "go/bin/stripe-mock")
INSTALL = (
    f"stripe-mock is not here: `make stripe-mock`, or `go install github.com/stripe/stripe-mock@{VERSION}` "
    "with Go, or put any stripe-mock on the PATH"
)


def binary() -> str | None:
    return shutil.which("stripe-mock") or next((str(place) for place in PLACES if place.exists()), None)


@pytest.fixture(scope="module")
def mock() -> Iterator[stripe.StripeClient]:
    """stripe-python talking to stripe-mock."""
    path = require(binary(), INSTALL)
    # Empty ports: the system chooses. One that is not named would be 12111 or 12112.
    command = [path, "-http-addr", "127.0.0.1:", "-https-addr", "127.0.0.1:"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = next((line.split()[-1] for line in server.stdout if "for HTTP at" in line), None)
        assert address, "stripe-mock did not start"
        threading.Thread(target=server.stdout.read, daemon=True).start()  # lest it waits to be read
        yield stripe.StripeClient(
            "sk_test_123",
            base_addresses={"api": f"http://{address}"},
            http_client=stripe.RequestsClient(timeout=8),
            max_network_retries=0,
        )
        server.terminate()


ORDER = Order(
    id="01J0",
    user_id="u1",
    status=OrderStatus.PENDING,
    total=4860,
    currency="eur",
    expires_at=datetime(2026, 12, 4, tzinfo=UTC),
    version=1,
)


@pytest.fixture(params=["stripe-mock", "stand-in"])
def either(request: pytest.FixtureRequest) -> stripe.StripeClient:
    """Stripe's own mock, then ours."""
    client: stripe.StripeClient = request.getfixturevalue("mock" if request.param == "stripe-mock" else "api")
    return client


@pytest.fixture
def gateway(either: stripe.StripeClient) -> Gateway:
    return Gateway(lambda: either)


@pytest.fixture
def held(either: stripe.StripeClient, gateway: Gateway) -> str:
    """The id of an order's payment that can be captured (to stripe-mock every id is a payment)."""
    intent = gateway.create(ORDER)
    either.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    return intent.id


def test_an_intent_is_created_for_an_order(gateway: Gateway) -> None:
    intent = gateway.create(ORDER)
    assert intent.id.startswith("pi_")
    assert "_secret_" in intent.client_secret


def test_an_intent_is_retrieved_with_its_charge(gateway: Gateway, held: str) -> None:
    assert gateway.retrieve(held).id == held


def test_an_intent_is_captured(gateway: Gateway, held: str) -> None:
    assert gateway.capture(held).id == held


def test_an_intent_is_cancelled(gateway: Gateway, held: str) -> None:
    assert gateway.cancel(held).id == held


def test_a_payment_is_refunded(gateway: Gateway, held: str) -> None:
    assert gateway.refund(gateway.capture(held), ORDER.id).id == held


def test_an_intent_says_of_which_order_it_is(gateway: Gateway, either: stripe.StripeClient) -> None:
    intent = gateway.create(ORDER)
    assert gateway.order_of(intent.id) in (ORDER.id, None)  # stripe-mock remembers nothing


def test_refunds_and_disputes_are_listed(either: stripe.StripeClient) -> None:
    for page in (
        either.v1.disputes.list({"payment_intent": "pi_1", "limit": 100}),
        either.v1.refunds.list({"payment_intent": "pi_1", "limit": 100}),
    ):
        assert page.to_dict()["object"] == "list"


def test_the_stand_in_has_the_fields_of_stripes_dispute_that_are_read(
    mock: stripe.StripeClient, api: stripe.StripeClient, machine: Stripe
) -> None:
    paid = api.v1.payment_intents.create(
        {"amount": 4860, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    ours = machine.dispute(paid.id)
    theirs = mock.v1.disputes.retrieve("du_123").to_dict()
    read = {"status", "amount", "currency", "is_charge_refundable", "balance_transactions", "payment_intent"}
    assert read <= set(theirs) & set(ours)


def test_events_are_listed(either: stripe.StripeClient) -> None:
    page = either.v1.events.list(
        {
            "types": ["payment_intent.succeeded"],
            "created": {"gte": 1},
            "limit": 100,
            "delivery_success": False,
        }
    )
    assert page.to_dict()["object"] == "list"


def test_an_unknown_parameter_is_refused(either: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        either.v1.payment_intents.create({"amount": 4860, "currency": "eur", "orderId": "1"})  # type: ignore[typeddict-unknown-key]


def test_the_stand_in_has_every_field_of_stripes_intent(
    mock: stripe.StripeClient, api: stripe.StripeClient
) -> None:
    theirs = mock.v1.payment_intents.retrieve("pi_123").to_dict()
    ours = api.v1.payment_intents.create({"amount": 4860, "currency": "eur"}).to_dict()
    assert set(theirs) <= set(ours)


def test_the_stand_in_has_state(api: stripe.StripeClient) -> None:
    gateway = Gateway(lambda: api)
    intent = gateway.create(ORDER)
    assert (intent.order_id, intent.amount, intent.currency) == (ORDER.id, 4860, "eur")
    with pytest.raises(PaymentProviderError):
        gateway.capture(intent.id)
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    captured = gateway.capture(intent.id)
    assert captured.status is IntentStatus.SUCCEEDED
    assert gateway.refund(captured, ORDER.id).refunded == 4860
