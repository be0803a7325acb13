"""Card after card is declined: the order can't be paid any more, and says so."""

from datetime import timedelta

import pytest

from local.stripe import webhooks
from local.stripe.webhooks import Delivery
from tests.factories import ticket_data
from tests.support.handlers import sqs_record
from tests.support.payments_service import WEBHOOK_SECRET, PaymentsService
from tests.support.service import Service

DECLINED = "pm_card_chargeDeclined"
LIMIT = 5


@pytest.fixture
def payments(payments: PaymentsService) -> PaymentsService:
    """The payments service with a pending order whose buyer has begun to pay."""
    payments.consume_order("OrderCreated")
    assert payments.pay().status == 201
    return payments


def decline(payments: PaymentsService, times: int, every: timedelta = timedelta(seconds=20)) -> None:
    """Try so many cards that are declined; Stripe's webhooks arrive."""
    for _ in range(times):
        payments.now += every
        payments.confirm(DECLINED)
        payments.webhooks()


def reports(payments: PaymentsService) -> list[Delivery]:
    """The webhooks of declined cards that have not arrived yet."""
    return [each for each in payments.stripe.deliveries() if each.type == "payment_intent.payment_failed"]


def status(payments: PaymentsService) -> str:
    return str(payments.intent()["status"])


def test_five_declined_cards_within_ten_minutes_close_the_intent(payments: PaymentsService) -> None:
    decline(payments, LIMIT - 1)
    assert (status(payments), payments.published()) == ("requires_payment_method", [])
    assert payments.pay().json["clientSecret"]
    decline(payments, 1)
    assert status(payments) == "canceled"
    assert payments.published_types() == ["PaymentFailed"]
    [(_, data)] = payments.published()
    assert data["declined"] is True
    answer = payments.show()
    assert (answer.json["status"], answer.json.get("clientSecret")) == ("failed", None)


def test_a_closed_intent_gives_no_secret(payments: PaymentsService) -> None:
    decline(payments, LIMIT)
    assert "clientSecret" not in payments.pay().json


def test_declines_that_are_longer_apart_close_nothing(payments: PaymentsService) -> None:
    decline(payments, LIMIT * 2, every=timedelta(minutes=2, seconds=30))
    assert status(payments) == "requires_payment_method"
    payments.confirm()
    payments.webhooks()
    assert payments.published_types() == ["PaymentAuthorized"]


def test_a_repeated_webhook_counts_once(payments: PaymentsService) -> None:
    payments.confirm(DECLINED)
    [delivery] = reports(payments)
    for _ in range(LIMIT * 2):
        assert payments.send(delivery) == 200
    assert len(payments.row()["declines"]) == 1
    assert status(payments) == "requires_payment_method"


def test_declines_that_arrive_in_any_order_are_counted(payments: PaymentsService) -> None:
    for _ in range(LIMIT):
        payments.now += timedelta(seconds=20)
        payments.confirm(DECLINED)
    for delivery in reversed(reports(payments)):
        assert payments.send(delivery) == 200
    assert status(payments) == "canceled"


def test_a_bank_that_asks_in_vain_is_no_declined_card(payments: PaymentsService) -> None:
    payments.confirm(DECLINED)
    [delivery] = reports(payments)
    body = delivery.body.replace('"code": "card_declined"', '"code": "payment_intent_authentication_failure"')
    assert body != delivery.body
    signed = webhooks.signature(body, WEBHOOK_SECRET, int(payments.now.timestamp()))
    assert payments.receive(body, signed).status == 200
    assert "declines" not in payments.row()


def test_a_card_that_pays_after_four_declines_pays(payments: PaymentsService) -> None:
    decline(payments, LIMIT - 1)
    payments.confirm()
    payments.webhooks()
    assert payments.published_types() == ["PaymentAuthorized"]


def test_a_crash_before_the_intent_is_canceled_is_repeated(payments: PaymentsService) -> None:
    decline(payments, LIMIT - 1)
    payments.now += timedelta(seconds=20)
    payments.confirm(DECLINED)
    [delivery] = reports(payments)
    payments.stripe.fault = lambda operation: "rate_limit" if operation else None
    assert payments.send(delivery) == 503
    payments.stripe.fault = None
    payments.sweep()
    assert status(payments) == "canceled"
    assert payments.published_types() == ["PaymentFailed"]


def test_yesterdays_row_has_no_declines(payments: PaymentsService) -> None:
    assert not {"declines", "declined"} & payments.row().keys()


# ---------------------------------------------------------------- the order


def test_the_order_says_that_too_many_cards_were_declined(orders: Service) -> None:
    orders.consume(sqs_record("TicketCreated", ticket_data()))
    order = orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="ann").json
    assert "declined" not in order
    failed = {"orderId": order["id"], "amount": 4860, "currency": "eur", "declined": True}
    assert orders.consume(sqs_record("PaymentFailed", failed)) == []
    shown = orders.request("GET", f"/api/orders/{order['id']}", user="ann").json
    assert (shown["status"], shown["declined"]) == ("cancelled", True)
    assert orders.row(f"ORDER#{order['id']}")["reason"] == "payment"  # which older versions read
    assert orders.row("HELD#t1#ann")["released"] == 1


def test_an_order_that_failed_otherwise_does_not_say_so(orders: Service) -> None:
    orders.consume(sqs_record("TicketCreated", ticket_data()))
    order = orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="ann").json
    failed = {"orderId": order["id"], "amount": 4860, "currency": "eur"}
    assert orders.consume(sqs_record("PaymentFailed", failed)) == []
    shown = orders.request("GET", f"/api/orders/{order['id']}", user="ann").json
    assert (shown["status"], shown.get("declined")) == ("cancelled", None)
