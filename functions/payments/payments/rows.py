"""Sales as rows, and back."""

from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row

from payments.model import Order, Payment, Sale

_ORDER = RowCodec(Order, without=("id",))
_PAYMENT = RowCodec(Payment)


def of_sale(sale: Sale) -> Row:
    """What a sale's row says of its order and payment; its key, revision and place in the sweep are apart."""
    row: Row = {"correlationId": sale.correlation_id, "order": _ORDER.to_row(sale.order)}
    return {**row, "payment": _PAYMENT.to_row(sale.payment)} if sale.payment else row


def sale(row: Row) -> Sale:
    """The sale of a row."""
    payment = row.get("payment")
    return Sale(
        order=_ORDER.from_row(row["order"], id=row["pk"]),
        payment=_PAYMENT.from_row(payment) if payment else None,
        correlation_id=row["correlationId"],
        revision=row["revision"],
    )
