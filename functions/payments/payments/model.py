"""The money of an order, and the rules of settling. No AWS, no Stripe, no clock."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from tiketz_common.errors import Conflict

SWEEP_INTERVAL = timedelta(minutes=1)


class OrderStatus(StrEnum):
    """Where the order is, as orders publishes it."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Status(StrEnum):
    """Where the money is."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    FAILED = "failed"
    REFUNDED = "refunded"


class IntentStatus(StrEnum):
    """https://docs.stripe.com/payments/paymentintents/lifecycle"""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"


class Action(StrEnum):
    """What to do at Stripe."""

    CAPTURE = auto()
    CANCEL = auto()
    REFUND = auto()
    WAIT = auto()  # it is processing and can't be cancelled: retry later


ENDED = {OrderStatus.EXPIRED, OrderStatus.CANCELLED, OrderStatus.REFUNDED}
FINAL = {Status.VOIDED, Status.FAILED, Status.REFUNDED}
CONFIRMABLE = {
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as of its last event. `total` in minor units of `currency`; neither ever changes."""

    id: str
    user_id: str
    status: OrderStatus
    total: int
    currency: str
    expires_at: datetime
    version: int

    @property
    def ended(self) -> bool:
        """Whether it ended unsold: its money must not be taken, or must go back."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Stripe's PaymentIntent as it was retrieved.

    `amount` in minor units: captured, else authorised, else requested. `refunded`: all that was captured went
    back.
    """

    id: str
    order_id: str | None
    status: IntentStatus
    amount: int
    currency: str
    refunded: bool
    client_secret: str = field(repr=False)

    @property
    def confirmable(self) -> bool:
        """Whether a buyer with the client secret can still pay with it."""
        return self.status in CONFIRMABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The money of one order, as recorded. `amount` in minor units; `version` counts changes from 1.

    Without `intent_id` the payment is only prepared: Stripe may have an intent for it whose id was lost. No
    client has its secret, so it can't be paid.
    """

    intent_id: str | None
    status: Status
    amount: int
    currency: str
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order and its payment, stored as one row. A rule returns a new sale, or this one if nothing changes.

    `revision` counts the row's writes; `correlation_id` is the order's.
    """

    order: Order
    payment: Payment | None = None
    correlation_id: str = ""
    revision: int = 0

    @property
    def intent_id(self) -> str | None:
        """Stripe's id of the payment's intent, once there is one."""
        return self.payment.intent_id if self.payment else None

    def with_order(self, order: Order) -> "Sale":
        """The sale with the newer copy of the order."""
        return replace(self, order=order) if order.version > self.order.version else self

    def is_open(self, now: datetime) -> bool:
        """Whether the order may still be paid for."""
        return self.order.status is OrderStatus.PENDING and now < self.order.expires_at

    def check_open(self, now: datetime) -> None:
        """Raises Conflict where the order may not be paid for any more."""
        if self.order.status is not OrderStatus.PENDING:
            raise Conflict(
                f"This order is {self.order.status}; there is nothing to pay.", code="order_not_pending"
            )
        if not self.is_open(now):
            raise Conflict("The time ran out. You were not charged.", code="hold_expired")

    @property
    def paid(self) -> bool:
        """Whether the buyer has paid and the order is still to complete."""
        unpaid = self.payment is None or self.payment.status is Status.PENDING
        return self.order.status is OrderStatus.PENDING and not unpaid

    def prepare(self, now: datetime) -> "Sale":
        """The sale with a payment that has no intent yet. It is stored first, so that no intent is lost."""
        payment = Payment(
            intent_id=None,
            status=Status.PENDING,
            amount=self.order.total,
            currency=self.order.currency,
            created_at=now,
            version=0,
        )
        return replace(self, payment=self.payment or payment)

    def attach_intent(self, intent: Intent) -> "Sale":
        """The sale with its intent, if it has none yet."""
        if self.payment is None or self.payment.intent_id is not None:
            return self
        return replace(self, payment=replace(self.payment, intent_id=intent.id, version=1))

    def matches(self, intent: Intent) -> bool:
        """Whether an intent is what we create for this order."""
        expected = (self.order.id, self.order.total, self.order.currency)
        return expected == (intent.order_id, intent.amount, intent.currency)

    def record(self, status: Status, intent: Intent) -> "Sale":
        """The sale with its payment in this status. A final status stays."""
        payment = self.payment
        if payment is None or payment.status in FINAL or payment.status is status:
            return self
        recorded = replace(
            payment,
            status=status,
            amount=intent.amount,
            currency=intent.currency,
            version=payment.version + 1,
        )
        return replace(self, payment=recorded)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do or wait for."""
        if self.payment is None or self.payment.status in FINAL:
            return True
        return self.payment.status is Status.CAPTURED and self.order.status is OrderStatus.COMPLETED

    @property
    def refund_unacknowledged(self) -> bool:
        """Whether the order completed on money that had gone back before: the refund is published again."""
        refunded = self.payment is not None and self.payment.status is Status.REFUNDED
        return refunded and self.order.status is OrderStatus.COMPLETED

    def next_sweep_at(self, now: datetime) -> datetime:
        """When the scheduled job is due: each minute, but ever more rarely for what stays open for long."""
        if self.payment is None or not self.order.ended:
            return now + SWEEP_INTERVAL
        return now + max(SWEEP_INTERVAL, now - self.payment.created_at)


def next_action(order: Order, intent: Intent) -> Status | Action | None:
    """What to record (Status) or do (Action) for an order and its intent: the whole rule of settling.

    None where only the buyer can act.
    """
    pending, completed = order.status is OrderStatus.PENDING, order.status is OrderStatus.COMPLETED
    match intent.status:
        case IntentStatus.SUCCEEDED if intent.refunded:
            return Status.REFUNDED
        case IntentStatus.REQUIRES_CAPTURE | IntentStatus.SUCCEEDED if pending:
            return Status.AUTHORIZED  # succeeded: captured by hand, in Stripe's dashboard
        case IntentStatus.REQUIRES_CAPTURE if completed:
            return Action.CAPTURE
        case IntentStatus.SUCCEEDED if completed:
            return Status.CAPTURED
        case IntentStatus.SUCCEEDED:
            return Action.REFUND
        case IntentStatus.CANCELED:
            return Status.VOIDED if order.ended else Status.FAILED
        case IntentStatus.PROCESSING if order.ended:
            return Action.WAIT
    return Action.CANCEL if order.ended else None
