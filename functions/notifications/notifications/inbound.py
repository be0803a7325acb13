"""Events that notifications consumes. Each model names only the fields that notifications reads."""

from datetime import datetime

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel

from notifications.model import Order, OrderStatus, Payment


class TicketSnapshot(CamelModel):
    """The ticket as it was when its order was placed."""

    title: str
    starts_at: AwareDatetime | None
    venue: str | None
    city: str | None
    time_zone: str | None = None  # the venue's, an IANA name


class OrderChanged(CamelModel):
    """An order, whole. `total` in minor units of `currency`; early ones do not say whose ticket it is."""

    id: str
    user_id: str
    seller_id: str | None = None
    status: str
    reason: str | None = None
    quantity: int
    total: int
    currency: str
    version: int
    ticket: TicketSnapshot

    def order(self, changed_at: datetime) -> Order:
        """Our copy of the order."""
        return Order(
            **self.model_dump(exclude={"status", "ticket"}),
            **self.ticket.model_dump(),
            status=OrderStatus(self.status),
            changed_at=changed_at,
        )


class Money(CamelModel):
    """What became of a payment's money, in minor units."""

    refunded: int
    refund_failed: int


class PaymentChanged(CamelModel):
    """An order's payment; early ones do not say what became of the money."""

    order_id: str
    status: str
    version: int
    money: Money | None = None

    def payment(self, changed_at: datetime) -> Payment:
        """Our copy of the payment."""
        return Payment(
            status=self.status,
            version=self.version,
            refunded=self.money.refunded if self.money else None,
            refund_failed=self.money.refund_failed if self.money else None,
            changed_at=changed_at,
        )


class LinkRequested(CamelModel):
    """A link is to be mailed; auth's directory knows to whom."""

    request_id: str


class AccountChanged(CamelModel):
    """An account has another password or address."""

    user_id: str
    request_id: str
