"""Settling: brings the money of an order to where the order's state wants it.

`settle` reads the sale, `reconcile_intent` acts at Stripe until `model.next_action` has no action left,
`execute` makes one such call. Every order event, every Stripe event and a scheduled job lead here, so lost
replies, crashes and the order of events do not matter.
"""

from datetime import datetime

from tiketz_common import retry

from payments import events
from payments.gateway import AmountRefused, Gateway, PaymentProviderBusy, PaymentProviderError
from payments.intent import Intent
from payments.model import FINAL, Action, Sale, Status, next_action
from payments.repository import SaleTable

BUSY = "This payment is changing right now; try again in a moment."


@retry.optimistic(BUSY)
def settle(order_id: str, *, sales: SaleTable, gateway: Gateway, now: datetime) -> None:
    """Settle the money of an order. Idempotent.

    Raises PaymentProviderError where a call to Stripe fails, Unavailable where the row is contended.
    """
    sale = sales.find(order_id)
    if sale:
        settle_sale(sale, sales, gateway, now)


def settle_sale(sale: Sale, sales: SaleTable, gateway: Gateway, now: datetime) -> Sale:
    """The sale with its payment where the order's state wants it, stored with the event that reports it.

    Raises PaymentProviderError where a call to Stripe fails, Contended where the row has changed since.
    """
    if sale.payment is None or sale.payment.status in FINAL:
        return sale
    if sale.intent_id is None:
        if not sale.order.ended:
            return sale
        try:
            sale, _ = create_intent(sale, sales, gateway, now)
        except AmountRefused:
            return sale
        except PaymentProviderError as error:
            if error.cached_by_provider:  # no buyer has its client secret; the scheduled job tries again
                return sale
            raise
    intent = reconcile_intent(sale, gateway)
    status = next_action(sale, intent)
    recorded = sale.record(status if isinstance(status, Status) else None, intent)
    return sale if recorded is sale else sales.save(recorded, now, events.of(recorded))


def create_intent(sale: Sale, sales: SaleTable, gateway: Gateway, now: datetime) -> tuple[Sale, Intent]:
    """The prepared sale with its intent, stored.

    Raises PaymentProviderError, and AmountRefused once that the payment failed is stored with its event:
    the order is cancelled, and its units are free.
    """
    try:
        intent = gateway.create(sale.order)
    except AmountRefused:
        refused = sale.refuse()
        sales.save(refused, now, events.of(refused))
        raise
    return sales.save(sale.attach_intent(intent), now), intent


def reconcile_intent(sale: Sale, gateway: Gateway) -> Intent:
    """The intent after all that the order's state needs was done at Stripe. Raises PaymentProviderError."""
    assert sale.intent_id is not None
    intent = gateway.retrieve(sale.intent_id)
    done: Action | None = None
    while isinstance(action := next_action(sale, intent), Action):
        if action in (done, Action.WAIT):
            raise PaymentProviderBusy("Our payment provider is still processing it; try again in a moment.")
        intent, done = execute(action, sale, intent, gateway), action
    return intent


def execute(action: Action, sale: Sale, intent: Intent, gateway: Gateway) -> Intent:
    """The intent after one action at Stripe.

    After an error the intent is read again: the action may have been done, or be needed no more.
    Raises PaymentProviderError where it is still to be done.
    """
    try:
        match action:
            case Action.CAPTURE:
                return gateway.capture(intent.id)
            case Action.CANCEL:
                return gateway.cancel(intent.id)
        return gateway.refund(intent, sale.order.id)
    except PaymentProviderError:
        latest = gateway.retrieve(intent.id)
        if next_action(sale, latest) is action:
            raise
        return latest
