"""The money of an order, and the rules of settling. No AWS, no Stripe, no clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from tiketz_common.errors import Conflict

from payments.intent import Intent, IntentStatus, Money

SWEEP_INTERVAL = timedelta(minutes=1)
MAX_SWEEP_INTERVAL = timedelta(hours=6)
ANSWER_TIME = timedelta(minutes=1)  # that orders has to act on an event before it is published again
DECLINES_WINDOW = timedelta(minutes=10)


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
    REFUND_FAILED = "refund_failed"  # it was refunded, or had to be, and the money came back to us


class Action(StrEnum):
    """What to do at Stripe."""

    CAPTURE = auto()
    CANCEL = auto()
    REFUND = auto()
    WAIT = auto()  # it is processing and can't be cancelled: retry later


ENDED = {OrderStatus.EXPIRED, OrderStatus.CANCELLED, OrderStatus.REFUNDED}
FINAL = {Status.VOIDED, Status.FAILED}  # nothing was captured, and nothing can be
NO_MONEY = Money()
RETURNED = {Status.REFUNDED, Status.REFUND_FAILED}  # the order has ended, or will as the event arrives


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
    delivery: str = "seller"  # or "file"

    @property
    def ended(self) -> bool:
        """Whether it ended unsold: its money must not be taken, or must go back."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the delivery service last published of an order. `version` counts its changes from 1."""

    delivered: bool = False  # every unit is allocated to the buyer
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The money of one order, as recorded. `amount` in minor units; `version` counts changes from 1.

    `money`: what became of what was captured.

    Without `intent_id` the payment is only prepared: Stripe may have an intent for it whose id was lost. No
    client has its secret, so it can't be paid.
    """

    intent_id: str | None
    status: Status
    amount: int
    currency: str
    created_at: datetime
    version: int
    money: Money = NO_MONEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """A declined card, by the id of Stripe's event, which may arrive more than once."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order and its payment, stored as one row. A rule returns a new sale, or this one if nothing changes.

    `revision` counts the row's writes; `correlation_id` is the order's; `published_at` is when the row was
    stored with its latest event. `declines` are the latest declined cards; after too many of them the sale is
    `declined`: it can't be paid any more.
    """

    order: Order
    payment: Payment | None = None
    delivery: Delivery = Delivery()
    correlation_id: str = ""
    revision: int = 0
    published_at: datetime | None = None
    declines: tuple[Decline, ...] = ()
    declined: bool = False

    @property
    def intent_id(self) -> str | None:
        """Stripe's id of the payment's intent, once there is one."""
        return self.payment.intent_id if self.payment else None

    def with_order(self, order: Order) -> "Sale":
        """The sale with the newer copy of the order."""
        return replace(self, order=order) if order.version > self.order.version else self

    def with_delivery(self, delivery: Delivery) -> "Sale":
        """The sale with what delivery published later."""
        return replace(self, delivery=delivery) if delivery.version > self.delivery.version else self

    @property
    def undelivered(self) -> bool:
        """Whether its file is not the buyer's yet: nothing is captured before."""
        return self.order.delivery == "file" and not self.delivery.delivered

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

    def refuse(self) -> "Sale":
        """The sale whose amount Stripe will never take: there is no intent, and nothing can be paid."""
        assert self.payment is not None
        payment = replace(self.payment, status=Status.FAILED, version=self.payment.version + 1)
        return replace(self, payment=payment)

    @property
    def refused(self) -> bool:
        """Whether Stripe refused its amount."""
        payment = self.payment
        return payment is not None and payment.status is Status.FAILED and payment.intent_id is None

    def matches(self, intent: Intent) -> bool:
        """Whether an intent is what we create for this order."""
        expected = (self.order.id, self.order.total, self.order.currency)
        return expected == (intent.order_id, intent.amount, intent.currency)

    def count_decline(self, decline: Decline, limit: int) -> "Sale":
        """The sale with one more declined card, and declined after `limit` of them within ten minutes."""
        if self.declined or any(each.id == decline.id for each in self.declines):
            return self
        declines = sorted([*self.declines, decline], key=lambda each: each.at)
        recent = [each for each in declines if declines[-1].at - each.at < DECLINES_WINDOW]
        return replace(self, declines=tuple(recent), declined=len(recent) >= limit)

    @property
    def returning(self) -> bool:
        """Whether all the money must go back: the order ended unsold, or its refund was published."""
        return self.order.ended or (self.payment is not None and self.payment.status in RETURNED)

    def record(self, status: Status | None, intent: Intent) -> "Sale":
        """The sale with its payment in this status (None: the one it has), and what became of its money.

        A final status stays. A change of either raises the payment's version.
        """
        payment = self.payment
        if payment is None or payment.status in FINAL:
            return self
        status = status or payment.status
        returning = self.returning or status in RETURNED
        money = intent.money(returning=returning) if intent.status is IntentStatus.SUCCEEDED else NO_MONEY
        if (status, money) == (payment.status, payment.money):
            return self
        recorded = replace(
            payment,
            status=status,
            amount=intent.amount,
            currency=intent.currency,
            money=money,
            version=payment.version + 1,
        )
        return replace(self, payment=recorded)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do or wait for. A failed refund waits for an operator."""
        if self.payment is None:
            return True
        if self.payment.status in FINAL | RETURNED:
            return not self.unacknowledged
        return self.payment.status is Status.CAPTURED and self.order.status is OrderStatus.COMPLETED

    @property
    def refund_unacknowledged(self) -> bool:
        """Whether the order completed on money that had gone back before: the refund is published again."""
        returned = self.payment is not None and self.payment.status in RETURNED
        return returned and self.order.status is OrderStatus.COMPLETED

    @property
    def unacknowledged(self) -> bool:
        """Whether orders has not acted on what was published last: that is published until it has."""
        match self.payment and self.payment.status:
            case Status.AUTHORIZED:
                return self.order.status is OrderStatus.PENDING
            case Status.FAILED:
                return not self.order.ended
        return self.refund_unacknowledged

    def is_answer_overdue(self, now: datetime) -> bool:
        """Whether orders had its time to act on what was published last."""
        return self.unacknowledged and (self.published_at is None or now - self.published_at >= ANSWER_TIME)

    def next_sweep_at(self, now: datetime) -> datetime:
        """When the scheduled job is due: each minute while the hold lasts, then ever more rarely.

        Retrieving an intent is one of a limited number of reads (https://docs.stripe.com/rate-limits).
        """
        began = self.payment.created_at if self.payment and self.order.ended else self.order.expires_at
        return now + min(MAX_SWEEP_INTERVAL, max(SWEEP_INTERVAL, now - began))


def next_action(sale: Sale, intent: Intent) -> Status | Action | None:
    """What to record (Status) or do (Action) for a sale and its intent: the whole rule of settling.

    None where only the buyer, their bank, Stripe or the delivery service can act.
    """
    order = sale.order
    if sale.declined and intent.confirmable:
        return Action.CANCEL
    pending, completed = order.status is OrderStatus.PENDING, order.status is OrderStatus.COMPLETED
    match intent.status:
        case IntentStatus.SUCCEEDED if sale.returning:
            return _next_refund(intent)
        case IntentStatus.SUCCEEDED if intent.refunded >= intent.amount:
            return Status.REFUNDED
        case IntentStatus.REQUIRES_CAPTURE | IntentStatus.SUCCEEDED if pending:
            return Status.AUTHORIZED  # succeeded: captured by hand, in Stripe's dashboard
        case IntentStatus.REQUIRES_CAPTURE if completed:
            return None if sale.undelivered else Action.CAPTURE
        case IntentStatus.SUCCEEDED:
            return Status.CAPTURED
        case IntentStatus.CANCELED:
            return Status.VOIDED if order.ended else Status.FAILED
        case IntentStatus.PROCESSING if order.ended:
            return Action.WAIT
    return Action.CANCEL if order.ended else None


def _next_refund(intent: Intent) -> Status | Action | None:
    """What to record or do where all that was captured must go back.

    A refund that failed is not repeated by itself, for its card may be closed: an operator does.
    """
    if not intent.kept:
        return Status.REFUNDED
    if intent.failed_refunds:
        return Status.REFUND_FAILED
    return Action.REFUND if intent.refundable else None
