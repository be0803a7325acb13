"""Every payment that orders must act on is published until orders has acted."""

from datetime import timedelta

import pytest

from local.stripe.faults import Fault
from tests.support.payments_service import PaymentsService

MINUTE = timedelta(minutes=1, seconds=1)


@pytest.fixture
def authorised(payments: PaymentsService) -> PaymentsService:
    """Ann's payment is authorised and published; nobody knows whether orders received it."""
    payments.consume_order("OrderCreated")
    payments.pay()
    payments.confirm()
    payments.webhooks()
    assert payments.published_types() == ["PaymentAuthorized"]
    return payments


def calls_of_a_sweep(payments: PaymentsService, after: timedelta) -> list[str]:
    operations: list[str] = []
    payments.stripe.fault = operations.append
    payments.sweep(after)
    payments.stripe.fault = None
    return operations


def test_an_authorised_payment_is_published_each_minute_of_the_hold(authorised: PaymentsService) -> None:
    for _ in range(10):
        assert calls_of_a_sweep(authorised, MINUTE) == []
    assert authorised.published_types() == ["PaymentAuthorized"] * 11
    images = [record["dynamodb"]["NewImage"] for record in authorised.records()]
    assert len({each["event"]["M"]["id"]["S"] for each in images if "event" in each}) == 11
    assert {data["version"] for _, data in authorised.published()} == {2}


def test_it_is_published_no_more_once_orders_has_acted(authorised: PaymentsService) -> None:
    authorised.sweep(MINUTE)
    authorised.consume_order("OrderCompleted", status="completed", version=2)
    authorised.sweep(MINUTE)
    authorised.sweep(MINUTE)
    assert authorised.published_types() == ["PaymentAuthorized"] * 2 + ["PaymentCaptured"]
    assert "unsettled" not in authorised.row()


def test_orders_has_a_minute_to_act_before(authorised: PaymentsService) -> None:
    authorised.sweep(timedelta(seconds=50))
    assert authorised.published_types() == ["PaymentAuthorized"]


def test_it_is_published_ever_more_rarely_after_the_hold(authorised: PaymentsService) -> None:
    authorised.now += timedelta(minutes=15)
    before = len(authorised.published_types())
    for _ in range(24 * 60):
        authorised.sweep(timedelta(minutes=1))
    assert 8 <= len(authorised.published_types()) - before <= 14


def test_it_is_published_while_stripe_is_gone(authorised: PaymentsService) -> None:
    authorised.stripe.fault = lambda _: "lost_request"
    authorised.sweep(MINUTE)
    assert authorised.published_types() == ["PaymentAuthorized"] * 2


def test_a_payment_that_failed_is_published_until_its_order_ends(authorised: PaymentsService) -> None:
    authorised.cancel_at_stripe()
    authorised.consume_order("OrderCompleted", status="completed", version=2)
    assert authorised.status() == "failed"
    authorised.sweep(MINUTE)
    assert authorised.published_types()[1:] == ["PaymentFailed", "PaymentFailed"]
    authorised.consume_order("OrderCancelled", status="cancelled", version=3)
    authorised.sweep(MINUTE)
    assert authorised.published_types()[1:] == ["PaymentFailed", "PaymentFailed"]
    assert "unsettled" not in authorised.row()


def test_a_refund_is_published_until_its_order_ends(authorised: PaymentsService) -> None:
    authorised.consume_order("OrderCompleted", status="completed", version=2)
    authorised.stripe.refund_from_dashboard(authorised.intent()["id"])
    authorised.webhooks()
    assert authorised.status() == "refunded"
    authorised.sweep(MINUTE)
    authorised.consume_order("OrderRefunded", status="refunded", version=3)
    authorised.sweep(MINUTE)
    assert authorised.published_types()[2:] == ["PaymentRefunded", "PaymentRefunded"]
    assert "unsettled" not in authorised.row()


def test_a_sweep_leaves_stripe_alone_after_five_failures(payments: PaymentsService) -> None:
    for number in range(8):
        payments.consume_order("OrderCreated", id=f"o{number}")
        payments.pay(f"o{number}")
    requests: list[str] = []

    def fail(operation: str) -> Fault:
        requests.append(operation)
        return "lost_request"

    payments.stripe.fault = fail
    payments.sweep(MINUTE)
    assert requests == ["payment_intents.retrieve"] * 5
