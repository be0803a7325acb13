"""Purchases as mails report them, and which mails are due. No AWS, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MAX_AGE = timedelta(days=2)  # of a change: a republish or a new service mails no history


class OrderStatus(StrEnum):
    """Where an order is."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


ENDED_UNSOLD = (OrderStatus.EXPIRED, OrderStatus.CANCELLED)
NOT_CHARGED = ("voided", "failed")  # a payment's statuses in which no money moves any more


class Template(StrEnum):
    """A mail's text; the value is the name of its files."""

    RECEIPT = "receipt"
    NOT_CHARGED = "not_charged"
    REFUNDED = "refunded"
    SOLD = "sold"
    SALE_UNDONE = "sale_undone"


class Role(StrEnum):
    """Who a mail is for."""

    BUYER = "buyer"
    SELLER = "seller"


class Reason(StrEnum):
    """Why a mail that was due is never sent."""

    TOO_OLD = "too_old"  # what it reports changed more than MAX_AGE ago
    SUPERSEDED = "superseded"  # what it reports is no longer so
    NO_SENDER = "no_sender"  # the stage sends no mails
    NO_RECIPIENT = "no_recipient"  # there is no such account, or the request is closed
    REFUSED = "refused"  # SES does not accept it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person: `subject_id` is the id of the order or of the request that it is about."""

    template: Template
    subject_id: str
    role: Role
    changed_at: datetime  # what it reports
    superseded: bool = False

    @property
    def id(self) -> str:
        """The same for every event that makes this mail due."""
        return f"{self.template}#{self.subject_id}#{self.role}"

    def suppressed(self, now: datetime) -> Reason | None:
        """Why this mail must not be sent, whoever its recipient is."""
        if self.superseded:
            return Reason.SUPERSEDED
        return Reason.TOO_OLD if now - self.changed_at > MAX_AGE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as of its last event. `total` in minor units of `currency`."""

    id: str
    user_id: str
    seller_id: str | None
    status: OrderStatus
    reason: str | None
    quantity: int
    total: int
    currency: str
    title: str
    starts_at: datetime | None
    venue: str | None
    city: str | None
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An order's payment as of its last event."""

    status: str
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is known of an order and its payment, each as of its own last event.

    `completed` stays true once the order was. `revision` counts writes of the row from 1.
    """

    order_id: str
    order: Order | None = None
    payment: Payment | None = None
    completed: bool = False
    revision: int = 0

    def with_order(self, order: Order) -> "Purchase":
        """With this copy of the order if it is newer; else this purchase itself."""
        if self.order and order.version <= self.order.version:
            return self
        completed = self.completed or order.status is OrderStatus.COMPLETED
        return replace(self, order=order, completed=completed)

    def with_payment(self, payment: Payment) -> "Purchase":
        """With this copy of the payment if it is newer; else this purchase itself."""
        if self.payment and payment.version <= self.payment.version:
            return self
        return replace(self, payment=payment)

    def user_id(self, role: Role) -> str | None:
        """The buyer or the seller; None where events of the order did not say who that is."""
        if self.order is None:
            return None
        return self.order.user_id if role is Role.BUYER else self.order.seller_id

    def mails(self) -> Iterator[Mail]:
        """Every mail that is due, those included that were sent before."""
        order, payment = self.order, self.payment
        if order is None:
            return
        if self.completed:
            superseded = order.status is not OrderStatus.COMPLETED
            for template, role in ((Template.RECEIPT, Role.BUYER), (Template.SOLD, Role.SELLER)):
                yield self._mail(template, role, order.changed_at, superseded)
            if superseded:
                yield self._mail(Template.SALE_UNDONE, Role.SELLER, order.changed_at)
        if payment and payment.status in NOT_CHARGED and order.status in ENDED_UNSOLD:
            changed_at = max(order.changed_at, payment.changed_at)
            yield self._mail(Template.NOT_CHARGED, Role.BUYER, changed_at)
        if payment and payment.status == "refunded":
            yield self._mail(Template.REFUNDED, Role.BUYER, payment.changed_at)

    def _mail(self, template: Template, role: Role, changed_at: datetime, superseded: bool = False) -> Mail:
        return Mail(
            template=template,
            subject_id=self.order_id,
            role=role,
            changed_at=changed_at,
            superseded=superseded,
        )
