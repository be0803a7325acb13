"""Events that payments publishes."""

import operator

from pydantic import AwareDatetime, Field
from tiketz_common.events import CamelModel, Event

from payments.fields import MoneyFields
from payments.model import Sale, Status


class Money(MoneyFields, CamelModel):
    """What became of the money that was captured."""


class PaymentEvent(Event):
    """A payment, whole, without its secret. `amount` in minor units; `version` counts its changes.

    A change of `money` publishes the event of the payment's status again. `declined`, there where it is true:
    its intent was canceled after too many declined cards.
    """

    source = "tiketz.payments"

    id: str
    order_id: str
    user_id: str
    status: str
    amount: int
    currency: str
    created_at: AwareDatetime
    version: int
    money: Money
    declined: bool = Field(False, exclude_if=operator.not_)


class PaymentAuthorized(PaymentEvent):
    """The buyer's bank authorised the amount; no money has moved."""


class PaymentCaptured(PaymentEvent):
    """The money of a completed order was captured."""


class PaymentVoided(PaymentEvent):
    """The order ended unsold and its intent is canceled: no money has moved."""


class PaymentFailed(PaymentEvent):
    """The intent of an order that has not ended was canceled; it can never be paid."""


class PaymentRefunded(PaymentEvent):
    """All the money went back, or was lost in disputes."""


class PaymentRefundFailed(PaymentEvent):
    """A refund of all the money failed: the order stays refunded, and its buyer is owed `refundFailed`."""


REPORTS: dict[Status, type[PaymentEvent]] = {
    Status.AUTHORIZED: PaymentAuthorized,
    Status.CAPTURED: PaymentCaptured,
    Status.VOIDED: PaymentVoided,
    Status.FAILED: PaymentFailed,
    Status.REFUNDED: PaymentRefunded,
    Status.REFUND_FAILED: PaymentRefundFailed,
}


def of(sale: Sale) -> PaymentEvent | None:
    """The event that reports where a sale's money is; None where it has not been touched."""
    if sale.payment is None or sale.payment.status is Status.PENDING:
        return None
    return REPORTS[sale.payment.status](
        id=sale.order.id,
        order_id=sale.order.id,
        user_id=sale.order.user_id,
        status=sale.payment.status,
        amount=sale.payment.amount,
        currency=sale.payment.currency,
        created_at=sale.payment.created_at,
        version=sale.payment.version,
        declined=sale.declined,
        money=Money.model_validate(sale.payment.money, from_attributes=True),
    )
