"""Stripe's PaymentIntent as it was retrieved, and what refunds and disputes made of its money.

Pure, as the model: no AWS, no Stripe, no clock. All amounts are in minor units of the intent's currency.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class IntentStatus(StrEnum):
    """https://docs.stripe.com/payments/paymentintents/lifecycle"""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"


CONFIRMABLE = {
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
}


class RefundState(StrEnum):
    """Whether a refund's money has gone back. A refund may fail weeks after it succeeded."""

    IN_FLIGHT = "in_flight"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeState(StrEnum):
    """Where a dispute is. An inquiry that nobody escalated ends as `warning_closed`: no money moved."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    WARNING_CLOSED = "warning_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A refund of the intent's charge."""

    id: str
    amount: int
    state: RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A dispute about the intent's charge. `refundable`: Stripe still lets the charge be refunded."""

    amount: int
    state: DisputeState
    refundable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What became of the money that was captured.

    `refunded`: what refunds gave back. `lost`: what disputes took. `disputed`: open as long as one is.
    `refund_failed`: what failed refunds still owe the buyer.
    """

    refunded: int = 0
    lost: int = 0
    disputed: DisputeState | None = None
    refund_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent. `amount`: captured, else authorised, else requested.

    `refunds`, the oldest first, and `disputes` are those of what was captured.
    """

    id: str
    order_id: str | None
    status: IntentStatus
    amount: int
    currency: str
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    client_secret: str = field(repr=False)

    @property
    def confirmable(self) -> bool:
        """Whether a buyer with the client secret can still pay with it."""
        return self.status in CONFIRMABLE

    @property
    def refunded(self) -> int:
        """What refunds gave back, as far as is known today."""
        return self._sum(RefundState.SUCCEEDED)

    @property
    def lost(self) -> int:
        """What disputes took."""
        return sum(each.amount for each in self.disputes if each.state is DisputeState.LOST)

    @property
    def kept(self) -> int:
        """What was captured and neither went back nor was lost."""
        return max(0, self.amount - self.refunded - self.lost)

    @property
    def refundable(self) -> int:
        """What can be refunded now: nothing while a dispute is open, unless Stripe allows it."""
        blocked = any(each.state is DisputeState.OPEN and not each.refundable for each in self.disputes)
        return 0 if blocked else max(0, self.kept - self._sum(RefundState.IN_FLIGHT))

    @property
    def failed_refunds(self) -> int:
        """How many refunds failed."""
        return sum(each.state is RefundState.FAILED for each in self.refunds)

    @property
    def disputed(self) -> DisputeState | None:
        """The state of its disputes: open as long as one is open, lost as soon as one is lost."""
        states = {each.state for each in self.disputes}
        return next((each for each in DISPUTES_BY_WEIGHT if each in states), None)

    def money(self, *, returning: bool) -> Money:
        """What became of its money. `returning`: all of it must go back, as the order did not stand."""
        owed = self.kept if returning else self._unrepeated_failures()
        return Money(
            refunded=self.refunded,
            lost=self.lost,
            disputed=self.disputed,
            refund_failed=owed if self.failed_refunds else 0,
        )

    def _unrepeated_failures(self) -> int:
        """What failed refunds owe where the order stands: a later refund counts as the next attempt."""
        owed = 0
        for refund in self.refunds:
            failed = refund.state is RefundState.FAILED
            owed = owed + refund.amount if failed else max(0, owed - refund.amount)
        return min(owed, self.kept)

    def _sum(self, state: RefundState) -> int:
        return sum(each.amount for each in self.refunds if each.state is state)


DISPUTES_BY_WEIGHT = (
    DisputeState.OPEN,
    DisputeState.LOST,
    DisputeState.WON,
    DisputeState.WARNING_CLOSED,
)
