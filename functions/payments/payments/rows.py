"""Sales as rows, and back.

A payment's `money` is an attribute of the row beside `payment`, which versions without it rewrite whole. It
is there only where it says something. Those versions do not know the status `refund_failed` either: it is
stored as `refunded` with money that is owed.
"""

from dataclasses import replace

from tiketz_common import clock
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row

from payments.intent import Money
from payments.model import NO_MONEY, Decline, Delivery, Order, Payment, Sale, Status

_ORDER = RowCodec(Order, without=("id",))
_PAYMENT = RowCodec(Payment, without=("money",))
_MONEY = RowCodec(Money)
_DELIVERY = RowCodec(Delivery)
_NO_DELIVERY = Delivery()
_DECLINE = RowCodec(Decline)


def of_sale(sale: Sale) -> Row:
    """What a sale's row says of its order and payment; its key, revision and place in the sweep are apart."""
    row: Row = {"correlationId": sale.correlation_id, "order": _ORDER.to_row(sale.order)}
    if sale.delivery != _NO_DELIVERY:
        row["delivery"] = _DELIVERY.to_row(sale.delivery)
    if sale.declines:
        row |= {
            "declines": [_DECLINE.to_row(each) for each in sale.declines],
            "declined": sale.declined,
        }
    if sale.payment is None:
        return row
    payment = sale.payment
    if payment.status is Status.REFUND_FAILED:
        payment = replace(payment, status=Status.REFUNDED)
    row["payment"] = _PAYMENT.to_row(payment)
    return row if payment.money == NO_MONEY else {**row, "money": _MONEY.to_row(payment.money)}


def sale(row: Row) -> Sale:
    """The sale of a row."""
    return Sale(
        order=_ORDER.from_row(row["order"], id=row["pk"]),
        payment=_payment(row) if row.get("payment") else None,
        delivery=_DELIVERY.from_row(row["delivery"]) if "delivery" in row else _NO_DELIVERY,
        correlation_id=row["correlationId"],
        revision=row["revision"],
        published_at=clock.from_wire(row["event"]["time"]) if "event" in row else None,
        declines=tuple(_DECLINE.from_row(each) for each in row.get("declines", ())),
        declined=row.get("declined", False),
    )


def _payment(row: Row) -> Payment:
    money = _MONEY.from_row(row["money"]) if "money" in row else NO_MONEY
    payment = _PAYMENT.from_row(row["payment"], money=money)
    if payment.status is Status.REFUNDED and money.refund_failed:
        return replace(payment, status=Status.REFUND_FAILED)
    return payment
