"""Mails: purchases as they report them, and which are due. No AWS, no clock."""

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

    VERIFY = "verify"
    RESET = "reset"
    CONFIRM_EMAIL = "confirm_email"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"
    RECEIPT = "receipt"
    NOT_CHARGED = "not_charged"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    REFUNDED_AT_LAST = "refunded_at_last"
    SOLD = "sold"
    SALE_UNDONE = "sale_undone"


class Role(StrEnum):
    """Who a mail is for."""

    BUYER = "buyer"
    SELLER = "seller"
    OWNER = "owner"  # of an account
    OLD = "old"  # the address that an account had or has
    NEW = "new"  # the address that it gets


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
    time_zone: str | None = None  # the venue's, an IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An order's payment as of its last event.

    `refunded` and `refund_failed` in minor units: what was given back, and what failed refunds still owe;
    None where its event did not say.
    """

    status: str
    version: int
    changed_at: datetime
    refunded: int | None = None
    refund_failed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What is known of an order and its payment, each as of its own last event.

    `completed` and `refund_failed` stay true once the order was, or a refund did.
    `revision` counts writes of the row from 1.
    """

    order_id: str
    order: Order | None = None
    payment: Payment | None = None
    completed: bool = False
    refund_failed: bool = False
    revision: int = 0

    def with_order(self, order: Order) -> "Purchase":
        """With this copy of the order if it is newer; else this purchase itself."""
        if self.order and order.version <= self.order.version:
            return self
        completed = self.completed or order.status in (OrderStatus.COMPLETED, OrderStatus.REFUNDED)
        return replace(self, order=order, completed=completed)

    def with_payment(self, payment: Payment) -> "Purchase":
        """With this copy of the payment if it is newer; else this purchase itself."""
        if self.payment and payment.version <= self.payment.version:
            return self
        refund_failed = self.refund_failed or payment.status == "refund_failed"
        return replace(self, payment=payment, refund_failed=refund_failed)

    def user_id(self, role: Role) -> str | None:
        """The buyer or the seller; None where events of the order did not say who that is."""
        if self.order is None:
            return None
        return self.order.user_id if role is Role.BUYER else self.order.seller_id

    def mails(self) -> Iterator[Mail]:
        """Every mail that is due, those included that were sent before."""
        if self.order:
            yield from self._of_order(self.order)
        if self.order and self.payment:
            yield from self._of_payment(self.order, self.payment)

    def _of_order(self, order: Order) -> Iterator[Mail]:
        if not self.completed:
            return
        superseded = order.status is not OrderStatus.COMPLETED
        for template, role in ((Template.RECEIPT, Role.BUYER), (Template.SOLD, Role.SELLER)):
            yield self._mail(template, role, order.changed_at, superseded)
        if superseded:
            yield self._mail(Template.SALE_UNDONE, Role.SELLER, order.changed_at)

    def _of_payment(self, order: Order, payment: Payment) -> Iterator[Mail]:
        """The mails about the buyer's money. Of refunds, those that have failed since are superseded."""
        if payment.status in NOT_CHARGED and order.status in ENDED_UNSOLD:
            changed_at = max(order.changed_at, payment.changed_at)
            yield self._mail(Template.NOT_CHARGED, Role.BUYER, changed_at)
        refunded = payment.status == "refunded" and payment.refunded != 0  # 0: the buyer's bank took it all
        if self.refund_failed:
            yield self._mail(Template.REFUNDED, Role.BUYER, payment.changed_at, superseded=True)
            superseded = payment.status != "refund_failed"
            yield self._mail(Template.REFUND_FAILED, Role.BUYER, payment.changed_at, superseded)
        if refunded:
            template = Template.REFUNDED_AT_LAST if self.refund_failed else Template.REFUNDED
            yield self._mail(template, Role.BUYER, payment.changed_at)

    def _mail(self, template: Template, role: Role, changed_at: datetime, superseded: bool = False) -> Mail:
        return Mail(
            template=template,
            subject_id=self.order_id,
            role=role,
            changed_at=changed_at,
            superseded=superseded,
        )
