"""What payments does: one function per use case, and `settle`, which all of them lead to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from tiketz_common import retry
from tiketz_common.errors import NotFound, Unavailable
from tiketz_common.events import correlation_id

from payments import events
from payments.gateway import Gateway, Trouble
from payments.inbound import told_by_stripe
from payments.model import FINAL, Act, Intent, Order, Payment, Sale, Status, step
from payments.repository import SaleTable, Stale

SWEPT_AT_ONCE = 500
MISSED_FOR = timedelta(days=7)  # Stripe itself tries for three

Result = TypeVar("Result")


class Payable(NamedTuple):
    """A sale's payment and, while its buyer can pay it, the client secret to pay it with."""

    sale: Sale
    payment: Payment
    client_secret: str | None


def pay(order_id: str, buyer_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> Payable:
    """The order's one payment, made if need be; its secret is told only once its intent is stored.

    Raises NotFound, Conflict where the order can't be paid any more, Unavailable.
    """

    def try_once() -> Payable:
        return _pay(_own(sales.find(order_id), buyer_id), sales, gateway, now)

    return _until_fresh(try_once)


def _pay(sale: Sale, sales: SaleTable, gateway: Gateway, now: datetime) -> Payable:
    correlation_id.set(sale.correlation_id)
    if not sale.open(now):
        sale = _settle(sale, sales, gateway, now)
    if sale.paid:
        return _payable(sale)
    sale.check_open(now)
    if sale.payment is None:
        sale = sales.save(sale.intend(now), now)
    if sale.intent_id is None:
        intent = gateway.create(sale.order)
        sale = sales.save(sale.adopt(intent), now)
    else:
        intent = gateway.retrieve(sale.intent_id)
    if not intent.confirmable:
        return _payable(_settle(sale, sales, gateway, now))
    return _payable(sale, intent)


def payment_of(order_id: str, buyer_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> Payable:
    """The payment of a buyer's own order. Raises NotFound, Unavailable."""
    sale = _own(sales.find(order_id), buyer_id)
    if sale.intent_id is None:
        raise NotFound("There is no payment for this order yet.")
    unpaid = sale.open(now) and not sale.paid
    return _payable(sale, gateway.retrieve(sale.intent_id) if unpaid else None)


def hear_order(order: Order, *, sales: SaleTable, gateway: Gateway, now: datetime) -> None:
    """Keep our copy of an order, if it is newer than ours; settle its money, newer or not."""

    def try_once() -> None:
        known = sales.find(order.id)
        sale = known.hear(order) if known else Sale(order=order, correlation_id=correlation_id.get())
        if sale is not known:
            sale = sales.save(sale, now, events.of(sale) if sale.refunded_unheard else None)
        _settle(sale, sales, gateway, now)

    _until_fresh(try_once)


def hear_stripe(order_id: str, intent_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> None:
    """Stripe says that something happened to an intent: see for ourselves, and settle.

    An intent whose id we were never told is taken for the order's, if Stripe answers that it is.
    """

    def try_once() -> None:
        sale = sales.find(order_id)
        if sale is None or sale.payment is None:
            return
        correlation_id.set(sale.correlation_id)
        if sale.intent_id is None and sale.matches(intent := gateway.retrieve(intent_id)):
            sale = sales.save(sale.adopt(intent), now)
        if sale.intent_id == intent_id:
            _settle(sale, sales, gateway, now)

    _until_fresh(try_once)


def sweep(*, sales: SaleTable, gateway: Gateway, now: datetime, enough: Callable[[], bool]) -> int:
    """Settle what nobody told us of, until there is `enough`; how many could not be settled for trouble.

    Each sale goes to the end of the queue before it is touched, so one that fails delays no other.
    """
    troubled = 0
    for order_id in sales.due(now, SWEPT_AT_ONCE):
        if enough():
            break
        sale = sales.find(order_id)
        if sale is None or sale.settled:  # the index lags behind the table
            continue
        correlation_id.set(sale.correlation_id)
        sales.looked_at(sale, now)
        try:
            settle(order_id, sales=sales, gateway=gateway, now=now)
        except Unavailable:
            troubled += 1
    return troubled


def hear_missed_refunds(
    *, sales: SaleTable, gateway: Gateway, now: datetime, enough: Callable[[], bool]
) -> int:
    """Honour the refunds of the last days whose webhooks never came; how often there was trouble.

    What is captured is settled, and no sweep looks at it again: of all that Stripe tells, this alone would be
    missed for ever.
    """
    troubled = 0
    try:
        missed = gateway.missed_refunds(now - MISSED_FOR)
    except Trouble:
        return 1
    for event in missed:
        told = told_by_stripe(event)
        if enough():
            break
        if told is None:
            continue
        try:
            hear_stripe(*told, sales=sales, gateway=gateway, now=now)
        except Unavailable:
            troubled += 1
    return troubled


def settle(order_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> None:
    """Bring the money of an order to where the order's state wants it. Repeating it is harmless.

    Raises Trouble where Stripe does not do its part, and Stale where the row won't stand still.
    """

    def try_once() -> None:
        sale = sales.find(order_id)
        if sale:
            _settle(sale, sales, gateway, now)

    _until_fresh(try_once)


def _settle(sale: Sale, sales: SaleTable, gateway: Gateway, now: datetime) -> Sale:
    if sale.payment is None or sale.payment.status in FINAL:
        return sale
    if sale.intent_id is None:
        if not sale.order.ended:
            return sale
        try:
            sale = sales.save(sale.adopt(gateway.create(sale.order)), now)
        except Trouble as trouble:
            if trouble.lasting:  # nobody can pay what it may have made; the sweeper keeps asking
                return sale
            raise
    intent = _rest(sale, gateway)
    where = step(sale.order, intent)
    recorded = sale.record(where, intent) if isinstance(where, Status) else sale
    return sale if recorded is sale else sales.save(recorded, now, events.of(recorded))


def _rest(sale: Sale, gateway: Gateway) -> Intent:
    """Do at Stripe what the order's state asks for, until there is nothing more to do."""
    assert sale.intent_id is not None
    intent = gateway.retrieve(sale.intent_id)
    done: Act | None = None
    while isinstance(act := step(sale.order, intent), Act):
        if act in (done, Act.WAIT):
            raise Trouble("Our payment provider has not made up its mind; try again in a moment.")
        intent, done = _do(act, sale, intent, gateway), act
    return intent


def _do(act: Act, sale: Sale, intent: Intent, gateway: Gateway) -> Intent:
    """Do it; after an error see whether it was done, or is not to be done any more. Raises Trouble."""
    try:
        match act:
            case Act.CAPTURE:
                return gateway.capture(intent.id)
            case Act.CANCEL:
                return gateway.cancel(intent.id)
        return gateway.refund(intent.id, sale.order.id)
    except Trouble:
        found = gateway.retrieve(intent.id)
        if step(sale.order, found) is act:
            raise
        return found


def _own(sale: Sale | None, buyer_id: str) -> Sale:
    """Somebody else's order is as unknown as one that never was."""
    if sale is None or sale.order.user_id != buyer_id:
        raise NotFound("We know no such order of yours.")
    return sale


def _payable(sale: Sale, intent: Intent | None = None) -> Payable:
    assert sale.payment is not None
    return Payable(sale, sale.payment, intent.client_secret if intent and intent.confirmable else None)


def _until_fresh(try_once: Callable[[], Result]) -> Result:
    """Read, decide, write; again from the start where somebody else wrote first. Raises Stale in the end."""
    for _ in retry.tries():
        try:
            return try_once()
        except Stale:
            continue
    return try_once()
