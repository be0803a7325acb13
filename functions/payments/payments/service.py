"""What payments does: one function per use case. All of them end in `settlement`."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from tiketz_common import retry
from tiketz_common.errors import NotFound, Unavailable
from tiketz_common.events import correlation_id

from payments import events, stripe_events
from payments.gateway import AmountRefused, Gateway, PaymentProviderError
from payments.intent import Intent
from payments.model import Decline, Delivery, Order, Payment, Sale
from payments.repository import SaleTable
from payments.settlement import BUSY, create_intent, settle, settle_sale

SWEPT_AT_ONCE = 500
MAX_FAILURES_IN_A_ROW = 5  # after so many, Stripe is taken to be out of reach
MISSED_EVERY_MINUTES = 15
MISSED_WINDOW = timedelta(days=1)
WHOLE_WINDOW = timedelta(days=30)  # as far as Stripe's events reach back; it retries a webhook for three days
WHOLE_HOUR = 3  # of the day, UTC, in which all of them are looked through
MAX_APPLIED = 10_000


class Payable(NamedTuple):
    """A sale's payment and, while its buyer can pay it, the client secret to pay it with."""

    sale: Sale
    payment: Payment
    client_secret: str | None


@retry.optimistic(BUSY)
def pay(order_id: str, buyer_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> Payable:
    """The order's one payment, created if need be. Its secret is returned only once its intent is stored.

    Raises NotFound, Conflict where the order can't be paid any more or its amount is refused, Unavailable.
    """
    sale = _owned_by(sales.find(order_id), buyer_id)
    correlation_id.set(sale.correlation_id)
    if not sale.is_open(now):
        sale = settle_sale(sale, sales, gateway, now)
    if sale.refused:
        raise AmountRefused
    if sale.paid:
        return _payable(sale)
    sale.check_open(now)
    if sale.payment is None:
        sale = sales.save(sale.prepare(now), now)
    if sale.intent_id is None:
        sale, intent = create_intent(sale, sales, gateway, now)
    else:
        intent = gateway.retrieve(sale.intent_id)
    if not intent.confirmable:
        return _payable(settle_sale(sale, sales, gateway, now))
    return _payable(sale, intent)


def payment_of(order_id: str, buyer_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> Payable:
    """The payment of a buyer's own order. Raises NotFound, Unavailable."""
    sale = _owned_by(sales.find(order_id), buyer_id)
    if sale.intent_id is None:
        raise NotFound("There is no payment for this order yet.", code="payment_unknown")
    unpaid = sale.is_open(now) and not sale.paid
    return _payable(sale, gateway.retrieve(sale.intent_id) if unpaid else None)


@retry.optimistic(BUSY)
def on_order_changed(order: Order, *, sales: SaleTable, gateway: Gateway, now: datetime) -> None:
    """Store an order's copy if it is newer than ours; settle its money, newer or not."""
    stored = sales.find(order.id)
    sale = stored.with_order(order) if stored else Sale(order=order, correlation_id=correlation_id.get())
    if sale is not stored:
        sale = sales.save(sale, now, events.of(sale) if sale.refund_unacknowledged else None)
    settle_sale(sale, sales, gateway, now)


@retry.optimistic(BUSY)
def on_tickets_delivered(
    order_id: str, delivery: Delivery, *, sales: SaleTable, gateway: Gateway, now: datetime
) -> bool:
    """The units of an order are its buyer's: store that, and settle. False for an order that is unknown."""
    stored = sales.find(order_id)
    if stored is None:
        return False
    sale = stored.with_delivery(delivery)
    settle_sale(sale if sale is stored else sales.save(sale, now), sales, gateway, now)
    return True


@retry.optimistic(BUSY)
def on_stripe_event(
    order_id: str | None, intent_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime
) -> None:
    """Something happened to an intent, or to what it captured: retrieve it from Stripe, and settle.

    An event about a refund or a dispute does not say of which order it is: the intent does. It is retrieved
    again after its row was read, since one retrieved before could be older than the row.
    An intent whose id is not stored yet is attached to the order if Stripe's copy of it matches the order.
    """
    order_id = order_id or gateway.order_of(intent_id)
    sale = sales.find(order_id) if order_id else None
    if sale is None or sale.payment is None:
        return
    correlation_id.set(sale.correlation_id)
    if sale.intent_id is None and sale.matches(intent := gateway.retrieve(intent_id)):
        sale = sales.save(sale.attach_intent(intent), now)
    if sale.intent_id == intent_id:
        settle_sale(sale, sales, gateway, now)


@retry.optimistic(BUSY)
def on_card_declined(
    order_id: str, decline: Decline, limit: int, *, sales: SaleTable, gateway: Gateway, now: datetime
) -> None:
    """Count a declined card; after `limit` of them within ten minutes, cancel the intent.

    Idempotent. Raises PaymentProviderError, Unavailable.
    """
    sale = sales.find(order_id)
    if sale is None or sale.payment is None:
        return
    correlation_id.set(sale.correlation_id)
    counted = sale.count_decline(decline, limit)
    if counted is not sale:
        counted = sales.save(counted, now)
    if counted.declined:
        settle_sale(counted, sales, gateway, now)


def sweep(*, sales: SaleTable, gateway: Gateway, now: datetime, should_stop: Callable[[], bool]) -> int:
    """Settle what no event led to, until `should_stop`; the number of sales that could not be settled.

    Each sale goes to the end of the queue before it is touched, so one that fails delays no other. What
    orders has not acted on is published again, which needs no Stripe.
    """
    failed = in_a_row = 0
    for order_id in sales.due(now, SWEPT_AT_ONCE):
        if should_stop():
            break
        sale = sales.find(order_id)
        if sale is None or sale.settled:  # the index lags behind the table
            continue
        if in_a_row == MAX_FAILURES_IN_A_ROW and not sale.unacknowledged:
            continue
        correlation_id.set(sale.correlation_id)
        sales.postpone_sweep(sale, now)
        if sale.unacknowledged:
            _publish_again(sale, sales, now)
            continue
        try:
            settle(order_id, sales=sales, gateway=gateway, now=now)
            in_a_row = 0
        except Unavailable:
            failed, in_a_row = failed + 1, in_a_row + 1
    return failed


def _publish_again(sale: Sale, sales: SaleTable, now: datetime) -> None:
    """Publish a payment's latest event once more, so that a lost one costs minutes and not the sale."""
    if sale.is_answer_overdue(now):
        with suppress(retry.Contended):  # orders has just acted on it
            sales.save(sale, now, events.of(sale))


def missed_since(now: datetime) -> datetime | None:
    """From when on to look for missed webhooks in this minute; None for most: reads are limited in number."""
    if now.minute % MISSED_EVERY_MINUTES:
        return None
    whole = (now.hour, now.minute) == (WHOLE_HOUR, 0)
    return now - (WHOLE_WINDOW if whole else MISSED_WINDOW)


def apply_missed_events(
    since: datetime,
    applied: set[str],
    *,
    sales: SaleTable,
    gateway: Gateway,
    now: datetime,
    should_stop: Callable[[], bool],
) -> int:
    """Apply the refunds and disputes since then whose webhooks never arrived; the number that failed.

    A captured payment is settled and no longer swept: of all Stripe events, only these would be lost. Stripe
    lists what any endpoint of the account missed, also of other applications, and lists it each time: the
    ids in `applied` are left out, and those that need nothing more are added.
    """
    failed = 0
    try:
        missed = gateway.missed_events(stripe_events.MONEY_EVENTS, since)
    except PaymentProviderError:
        return 1
    if len(applied) > MAX_APPLIED:
        applied.clear()
    for event in missed:
        reference = stripe_events.parse(event)
        if should_stop():
            break
        if reference is None or event["id"] in applied:
            continue
        try:
            on_stripe_event(*reference, sales=sales, gateway=gateway, now=now)
            applied.add(event["id"])
        except Unavailable:
            failed += 1
    return failed


def _owned_by(sale: Sale | None, buyer_id: str) -> Sale:
    """Raises NotFound for another buyer's order too, so that its existence is not leaked."""
    if sale is None or sale.order.user_id != buyer_id:
        raise NotFound("We know no such order of yours.", code="order_unknown")
    return sale


def _payable(sale: Sale, intent: Intent | None = None) -> Payable:
    assert sale.payment is not None
    return Payable(sale, sale.payment, intent.client_secret if intent and intent.confirmable else None)
