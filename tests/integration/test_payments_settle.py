"""The money of an order, from its events and Stripe's: each of them twice, and out of order."""

from datetime import timedelta
from typing import Any

import pytest
from tiketz_common import clock

from tests.factories import NOON
from tests.support.payments_service import PaymentsService

ENDINGS = [("OrderExpired", "expired"), ("OrderCancelled", "cancelled")]


@pytest.fixture
def meant(payments: PaymentsService) -> PaymentsService:
    """A payments service where ann has started to pay for o1."""
    assert payments.consume_order("OrderCreated")
    assert payments.pay().status == 201
    return payments


@pytest.fixture
def authorised(meant: PaymentsService) -> PaymentsService:
    """… and her bank has authorised it."""
    meant.confirm()
    meant.webhooks()
    return meant


@pytest.fixture
def captured(authorised: PaymentsService) -> PaymentsService:
    """… and the order completed."""
    twice(authorised, "OrderCompleted", status="completed", version=2)
    return authorised


def twice(payments: PaymentsService, kind: str, **fields: Any) -> None:
    assert payments.consume_order(kind, **fields)
    assert payments.consume_order(kind, **fields)


def test_an_authorisation_is_published_once(authorised: PaymentsService) -> None:
    [(name, data)] = authorised.published()
    assert name == "PaymentAuthorized"
    assert data == {
        "id": "o1",
        "orderId": "o1",
        "userId": "ann",
        "status": "authorized",
        "amount": 4860,
        "currency": "eur",
        "createdAt": "2026-07-01T12:00:00Z",
        "version": 2,
        "money": {"refunded": 0, "lost": 0, "disputed": None, "refundFailed": 0},
    }
    assert authorised.taken() == 0


def test_a_completed_order_is_captured_once(captured: PaymentsService) -> None:
    captured.webhooks()
    assert captured.taken() == 4860
    assert captured.published_types() == ["PaymentAuthorized", "PaymentCaptured"]
    assert captured.row()["payment"]["version"] == 3


@pytest.mark.parametrize(("kind", "status"), ENDINGS)
def test_an_authorisation_is_released_when_the_order_ends(
    authorised: PaymentsService, kind: str, status: str
) -> None:
    twice(authorised, kind, status=status, version=2)
    assert authorised.intent()["status"] == "canceled"
    assert authorised.published_types() == ["PaymentAuthorized", "PaymentVoided"]


@pytest.mark.parametrize(("kind", "status"), ENDINGS)
def test_the_intent_of_an_ended_order_is_canceled(meant: PaymentsService, kind: str, status: str) -> None:
    twice(meant, kind, status=status, version=2)
    assert meant.intent()["status"] == "canceled"
    assert meant.published_types() == ["PaymentVoided"]


def test_an_authorisation_after_the_end_is_released(meant: PaymentsService) -> None:
    meant.stripe.fault = lambda operation: "rate_limit"
    assert not meant.consume_order("OrderExpired", status="expired", version=2)
    meant.stripe.fault = None
    meant.confirm()
    meant.webhooks()
    assert (meant.status(), meant.intent()["status"]) == ("voided", "canceled")
    assert meant.published_types() == ["PaymentVoided"]


@pytest.mark.parametrize(("kind", "status"), ENDINGS)
def test_a_capture_of_an_ended_order_is_refunded_once(
    captured: PaymentsService, kind: str, status: str
) -> None:
    twice(captured, kind, status=status, version=3)
    assert captured.taken() == 0
    assert len(captured.stripe.ledger.rows["refund"]) == 1
    assert captured.published_types()[-1] == "PaymentRefunded"
    captured.webhooks()
    assert captured.published_types().count("PaymentRefunded") == 1


def test_a_refund_at_stripe_is_published_once(captured: PaymentsService) -> None:
    captured.stripe.refund_from_dashboard(captured.intent()["id"])
    captured.webhooks()
    twice(captured, "OrderRefunded", status="refunded", version=3)
    assert captured.published_types() == ["PaymentAuthorized", "PaymentCaptured", "PaymentRefunded"]
    assert captured.status() == "refunded"


def test_a_refund_before_the_completion_is_published_again(
    authorised: PaymentsService,
) -> None:
    """In Stripe's dashboard the money was captured and refunded before the order completed."""
    authorised.capture_at_stripe()
    authorised.stripe.refund_from_dashboard(authorised.intent()["id"])
    authorised.webhooks()
    assert authorised.published_types() == ["PaymentAuthorized", "PaymentRefunded"]
    twice(authorised, "OrderCompleted", status="completed", version=2)
    assert authorised.published_types() == ["PaymentAuthorized", "PaymentRefunded", "PaymentRefunded"]
    twice(authorised, "OrderRefunded", status="refunded", version=3)
    assert len(authorised.published_types()) == 3
    assert authorised.status() == "refunded"


def test_a_partial_refund_is_no_refund(captured: PaymentsService) -> None:
    captured.stripe.refund_from_dashboard(captured.intent()["id"], 1000)
    captured.webhooks()
    assert captured.status() == "captured"


def test_the_rest_of_a_partial_refund_is_refunded_at_the_end(captured: PaymentsService) -> None:
    captured.stripe.refund_from_dashboard(captured.intent()["id"], 1000)
    twice(captured, "OrderCancelled", status="cancelled", version=3)
    assert captured.taken() == 0
    assert captured.status() == "refunded"


def test_an_intent_canceled_at_stripe_fails_the_payment(meant: PaymentsService) -> None:
    meant.cancel_at_stripe()
    meant.webhooks()
    twice(meant, "OrderCancelled", status="cancelled", version=2)
    assert meant.published_types() == ["PaymentFailed"]
    assert meant.status() == "failed"


def test_an_authorisation_that_lapsed_fails_the_payment(authorised: PaymentsService) -> None:
    authorised.cancel_at_stripe()
    twice(authorised, "OrderCompleted", status="completed", version=2)
    assert authorised.published_types() == ["PaymentAuthorized", "PaymentFailed"]
    assert authorised.taken() == 0


def test_another_amount_is_published_as_it_is(meant: PaymentsService) -> None:
    """The intent was changed in Stripe's dashboard; the order will not complete for it."""
    intent = meant.intent()
    meant.stripe.ledger.put("payment_intent", intent | {"amount": 100})
    meant.confirm()
    meant.webhooks()
    [(_, data)] = meant.published()
    assert (data["amount"], data["currency"]) == (100, "eur")


def test_a_decline_is_not_a_state(meant: PaymentsService) -> None:
    meant.confirm("pm_card_visa_chargeDeclined")
    meant.webhooks()
    assert (meant.status(), meant.published()) == ("pending", [])
    meant.confirm()
    meant.webhooks()
    assert meant.published_types() == ["PaymentAuthorized"]


def test_a_processing_intent_fails_the_message_of_the_end(meant: PaymentsService) -> None:
    meant.stripe.fault = lambda operation: "processing" if operation.endswith("confirm") else None
    meant.confirm()
    assert not meant.consume_order("OrderExpired", status="expired", version=2)
    meant.now += timedelta(seconds=31)
    assert meant.consume_order("OrderExpired", status="expired", version=2)
    assert (meant.status(), meant.taken()) == ("voided", 0)


@pytest.mark.parametrize("fault", ["rate_limit", "lock_timeout", "lost_request", "error_500"])
@pytest.mark.parametrize("operation", ["payment_intents.retrieve", "payment_intents.capture"])
def test_a_completed_order_is_retried_until_it_is_captured(
    authorised: PaymentsService, operation: str, fault: Any
) -> None:
    authorised.stripe.fault = lambda called: fault if called == operation else None
    assert not authorised.consume_order("OrderCompleted", status="completed", version=2)
    authorised.stripe.fault = None
    assert authorised.consume_order("OrderCompleted", status="completed", version=2)
    assert (authorised.status(), authorised.taken()) == ("captured", 4860)


@pytest.mark.parametrize("fault", ["lost_reply", "error_500_after"])
def test_a_capture_without_a_response_is_found_done(authorised: PaymentsService, fault: Any) -> None:
    authorised.stripe.fault = lambda operation: fault if operation.endswith("capture") else None
    twice(authorised, "OrderCompleted", status="completed", version=2)
    assert (authorised.status(), authorised.taken()) == ("captured", 4860)
    assert authorised.published_types() == ["PaymentAuthorized", "PaymentCaptured"]


@pytest.mark.parametrize("fault", ["lost_reply", "error_500_after"])
def test_a_cancellation_without_a_response_is_found_done(authorised: PaymentsService, fault: Any) -> None:
    authorised.stripe.fault = lambda operation: fault if operation.endswith("cancel") else None
    twice(authorised, "OrderExpired", status="expired", version=2)
    assert authorised.status() == "voided"


@pytest.mark.parametrize("fault", ["lost_reply", "error_500_after"])
def test_a_refund_without_a_response_is_found_done(captured: PaymentsService, fault: Any) -> None:
    captured.stripe.fault = lambda operation: fault if operation == "refunds.create" else None
    twice(captured, "OrderCancelled", status="cancelled", version=3)
    assert (captured.status(), captured.taken()) == ("refunded", 0)
    assert len(captured.stripe.ledger.rows["refund"]) == 1


def test_a_refund_that_failed_at_the_bank_is_not_final(captured: PaymentsService) -> None:
    """The refund's failure is replayed under its key: the message ends in the dead letter queue."""
    charge = next(iter(captured.stripe.ledger.rows["charge"].values()))
    captured.stripe.fault = lambda operation: "error_500" if operation == "refunds.create" else None
    assert not captured.consume_order("OrderCancelled", status="cancelled", version=3)
    captured.stripe.fault = None
    assert not captured.consume_order("OrderCancelled", status="cancelled", version=3)
    assert captured.taken() == charge["amount"]
    captured.sweep(after=timedelta(hours=25))
    assert (captured.status(), captured.taken()) == ("refunded", 0)


def test_an_old_version_is_not_stored_but_settles(authorised: PaymentsService) -> None:
    authorised.stripe.fault = lambda operation: "rate_limit"
    assert not authorised.consume_order("OrderCompleted", status="completed", version=2)
    authorised.stripe.fault = None
    twice(authorised, "OrderCreated")
    assert authorised.row()["order"]["status"] == "completed"
    assert (authorised.status(), authorised.taken()) == ("captured", 4860)


def test_an_order_may_start_with_its_last_event(payments: PaymentsService) -> None:
    twice(payments, "OrderExpired", status="expired", version=2)
    twice(payments, "OrderCreated")
    assert payments.row()["order"]["status"] == "expired"
    assert payments.pay().status == 409
    assert payments.intents() == []


def test_an_extension_received_before_the_order_is_stored(payments: PaymentsService) -> None:
    later = clock.to_wire(NOON + timedelta(minutes=30))
    twice(payments, "OrderExtended", version=2, extensions=1, expiresAt=later)
    twice(payments, "OrderCreated")
    assert payments.row()["order"]["expiresAt"] == later


def test_a_failed_message_delays_no_other(meant: PaymentsService) -> None:
    meant.consume_order("OrderCreated", id="o2")
    meant.stripe.fault = lambda operation: "rate_limit"
    assert not meant.consume_order("OrderExpired", status="expired", version=2)
    assert meant.consume_order("OrderExpired", id="o2", status="expired", version=2)


def test_the_sweeper_finds_an_authorisation_without_a_webhook(meant: PaymentsService) -> None:
    meant.confirm()
    meant.sweep()
    assert meant.published_types() == ["PaymentAuthorized"]


def test_the_sweeper_releases_what_an_event_failed_to(authorised: PaymentsService) -> None:
    authorised.stripe.fault = lambda operation: "rate_limit"
    assert not authorised.consume_order("OrderExpired", status="expired", version=2)
    authorised.sweep()
    assert authorised.status() == "authorized"
    authorised.stripe.fault = None
    authorised.sweep()
    assert authorised.status() == "voided"


def test_the_sweeper_leaves_settled_sales_alone(captured: PaymentsService) -> None:
    operations: list[str] = []
    captured.stripe.fault = operations.append
    captured.sweep()
    assert "unsettled" not in captured.row()
    assert operations == []


def test_a_failing_sale_delays_no_other(payments: PaymentsService) -> None:
    for order_id in ("o1", "o2", "o3"):
        payments.consume_order("OrderCreated", id=order_id)
        payments.pay(order_id)
        payments.confirm(order_id=order_id)
    payments.stripe.ledger.remove("payment_intent", payments.intent("o1")["id"])
    payments.sweep()
    assert [payments.status(order_id) for order_id in ("o1", "o2", "o3")] == [
        "pending",
        "authorized",
        "authorized",
    ]


def test_an_intent_created_without_a_response_is_canceled(
    payments: PaymentsService,
) -> None:
    payments.consume_order("OrderCreated")
    payments.stripe.fault = lambda operation: "lost_reply"
    assert payments.pay().status == 503
    payments.stripe.fault = None
    twice(payments, "OrderExpired", status="expired", version=2)
    assert payments.intent()["status"] == "canceled"
    assert payments.status() == "voided"


def test_an_intent_that_stripe_denies_is_canceled_by_its_webhook(payments: PaymentsService) -> None:
    """Stripe answers 500 for a day under the idempotency key, but made the intent."""
    payments.consume_order("OrderCreated")
    payments.stripe.fault = lambda operation: "error_500_after" if operation.endswith("create") else None
    assert payments.pay().status == 503
    twice(payments, "OrderExpired", status="expired", version=2)
    assert payments.intent()["status"] == "requires_payment_method"
    payments.stripe.fault = None
    payments.webhooks()
    assert payments.intent()["status"] == "canceled"
    assert payments.published_types() == ["PaymentVoided"]


def test_a_cached_failure_is_settled_once_stripe_forgets_it(
    payments: PaymentsService,
) -> None:
    payments.consume_order("OrderCreated")
    payments.stripe.fault = lambda operation: "error_500" if operation.endswith("create") else None
    assert payments.pay().status == 503
    payments.stripe.fault = None
    twice(payments, "OrderExpired", status="expired", version=2)
    assert payments.intents() == []
    payments.sweep(after=timedelta(hours=25))
    assert payments.intent()["status"] == "canceled"
    assert payments.status() == "voided"
