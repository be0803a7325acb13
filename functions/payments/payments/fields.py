"""The fields that a payment's events and responses share."""

from tiketz_common.events import Fields


class MoneyFields(Fields):
    """What became of the money that was captured, in minor units of the payment's currency.

    `refunded`: given back. `lost`: taken by disputes. `disputed`: open, won, lost, warning_closed (an inquiry
    that nobody escalated), or null. `refundFailed`: what failed refunds still owe the buyer.
    """

    refunded: int
    lost: int
    disputed: str | None
    refund_failed: int
