"""Orders and their rules. No AWS, no HTTP, no clock."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from tiketz_common import ids
from tiketz_common.errors import Conflict, Forbidden

MAX_ORDER_QUANTITY = 10  # units in one order
MAX_HELD_UNITS = 10  # pending units of one ticket, for one buyer
MAX_EXTENSIONS = 2
REPEAT_WINDOW = timedelta(seconds=10)  # two requests to extend within it count once
TIMER_LATENCY = timedelta(seconds=10)  # with the bus and the queue, unless one of them fails
KEYED_ORDERS = UUID("9a9d9a1e-6f0a-5c2e-8f0b-6a1b1c1d7e01")


class NotYetCopied(Conflict):
    """409 for what tickets has said and orders may receive within a second: a client may retry."""

    retry_after = 1


def is_timer_missed(expires_at: datetime, now: datetime) -> bool:
    """Whether an order that is still pending should have been expired by its timer."""
    return now - expires_at > TIMER_LATENCY


class Status(StrEnum):
    """Where an order is; all but pending and completed are final."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Reason(StrEnum):
    """Why an order ended unsold."""

    BUYER = "buyer"
    HOLD = "hold"
    AMOUNT = "amount"
    PAYMENT = "payment"
    REFUND = "refund"
    UNDELIVERED = "undelivered"


class Delivery(StrEnum):
    """How a ticket is handed over."""

    SELLER = "seller"  # by its seller, as they arrange it
    FILE = "file"  # by the delivery service, which has its file


UnitState = Literal["available", "held", "sold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnapshot:
    """The ticket as it was when an order was placed; edits never reach it. `price` in minor units."""

    id: str
    title: str
    price: int
    starts_at: datetime | None
    venue: str | None
    city: str | None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(TicketSnapshot):
    """A listing as of its last event from tickets. `version` counts its seller's edits."""

    currency: str
    quantity: int
    seller_id: str
    listed: bool
    version: int
    delivery: Delivery = Delivery.SELLER
    draft: bool = False  # fewer files than units: not listed

    def snapshot(self) -> TicketSnapshot:
        """What an order keeps of it."""
        return TicketSnapshot(**{each.name: getattr(self, each.name) for each in fields(TicketSnapshot)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a buyer requested: a repeat under the same Idempotency-Key must be equal.

    `price` (minor units) and `version` are those of the listing that the buyer saw; None accepts any.
    """

    ticket_id: str
    quantity: int
    price: int | None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """A ticket and where its units are: available + held + sold = quantity.

    `available` is negative where a seller cut the quantity below what was taken.
    """

    ticket: Ticket
    available: int
    held: int
    sold: int

    def check(self, buyer_id: str, request: Request, now: datetime) -> None:
        """Raises Forbidden or Conflict if this buyer can't have what they request now."""
        self._check_listing(buyer_id, now)
        self._check_seen(request)
        if self.available >= request.quantity:
            return
        if self.available > 0:
            raise Conflict(f"Only {self.available} left.", code="not_enough_units", field="quantity")
        if self.held:
            raise Conflict("Somebody is paying for this one.", code="ticket_reserved")
        raise Conflict("This one is sold.", code="ticket_sold")

    def _check_listing(self, buyer_id: str, now: datetime) -> None:
        ticket = self.ticket
        if ticket.seller_id == buyer_id:
            raise Forbidden("This ticket is yours; you can't buy it.", code="own_ticket")
        if ticket.draft:
            raise Conflict("Its seller is still adding the tickets.", code="ticket_incomplete")
        if not ticket.listed:
            raise Conflict("The seller withdrew this ticket.", code="ticket_withdrawn")
        if ticket.starts_at is not None and ticket.starts_at <= now:
            raise Conflict("This event has begun; its tickets are no longer sold.", code="event_started")

    def _check_seen(self, request: Request) -> None:
        """Raises Conflict where the buyer saw another listing than ours."""
        ticket = self.ticket
        if request.version is not None and request.version > ticket.version:
            raise NotYetCopied("The listing changed; look again.", code="listing_changed")
        if request.price not in (None, ticket.price):
            raise Conflict(
                "The price changed. Look again before you order.", code="price_changed", field="price"
            )
        if request.version not in (None, ticket.version):
            raise Conflict("The listing changed; look again.", code="listing_changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One buyer's order of units of one ticket. A rule returns a new order, or this one if nothing changes.

    `total` is in minor units of `currency`; `version` counts changes from 1.
    """

    id: str
    user_id: str
    status: Status
    quantity: int
    total: int
    currency: str
    created_at: datetime
    expires_at: datetime
    extensions: int
    extended_at: datetime | None
    version: int
    reason: Reason | None
    request: Request
    ticket: TicketSnapshot
    seller_id: str | None = None  # early orders do not say it
    delivery: Delivery = Delivery.SELLER
    completed_at: datetime | None = None  # early orders do not say it
    returned: bool = False
    declined: bool = False  # it was closed after too many declined cards

    @property
    def ticket_id(self) -> str:
        """Whose units it holds."""
        return self.ticket.id

    @property
    def is_released(self) -> bool:
        """Whether the buyer held the units and let them go, or the time run out, or tried card after card."""
        return self.declined or self.reason in (Reason.BUYER, Reason.HOLD)

    @property
    def last_expiry(self) -> datetime:
        """Until when it may be pending, if it is extended as often as it can be."""
        return self.created_at + (self.expires_at - self.created_at) * (1 + MAX_EXTENSIONS)

    @property
    def units(self) -> UnitState:
        """Where its units are. Those of a file stay sold when the order ends, until they are returned."""
        if self.status is Status.PENDING:
            return "held"
        filed = self.delivery is Delivery.FILE and self.completed_at is not None
        kept = self.status is Status.COMPLETED or (filed and not self.returned)
        return "sold" if kept else "available"

    @classmethod
    def place(
        cls, order_id: str, buyer_id: str, request: Request, ticket: Ticket, now: datetime, hold: timedelta
    ) -> "Order":
        """A new pending order at the listing's price, held until `now + hold` or until the event starts."""
        return cls(
            id=order_id,
            user_id=buyer_id,
            status=Status.PENDING,
            quantity=request.quantity,
            total=ticket.price * request.quantity,
            currency=ticket.currency,
            created_at=now,
            expires_at=_until(now + hold, ticket),
            extensions=0,
            extended_at=None,
            version=1,
            reason=None,
            request=request,
            ticket=ticket.snapshot(),
            seller_id=ticket.seller_id,
            delivery=ticket.delivery,
        )

    def extend(self, now: datetime, hold: timedelta) -> "Order":
        """Hold until `now + hold` or until the event starts, at most twice; a repeat within 10 s counts once.

        Raises Conflict.
        """
        if self.status is not Status.PENDING:
            raise Conflict(
                f"This order is {self.status}; there is nothing to hold.", code="order_not_pending"
            )
        if self.expires_at <= now:
            raise Conflict("The time ran out. You were not charged.", code="hold_expired")
        if self.extended_at is not None and now - self.extended_at < REPEAT_WINDOW:
            return self
        if self.extensions >= MAX_EXTENSIONS:
            raise Conflict("You had more time twice; that is all we can give.", code="extensions_used_up")
        until = _until(now + hold, self.ticket)
        if until < now + hold and until <= self.expires_at:
            raise Conflict("The event starts then; it can't be held for longer.", code="event_starts_first")
        return self._changed(extensions=self.extensions + 1, extended_at=now, expires_at=until)

    def pay(self, amount: int, currency: str, now: datetime) -> "Order":
        """The money is authorised: a pending order completes.

        It is cancelled if the amount differs, and expires if its event has started.
        """
        if self.status is not Status.PENDING:
            return self
        if self.ticket.starts_at is not None and self.ticket.starts_at <= now:
            return self._changed(status=Status.EXPIRED, reason=Reason.HOLD)
        if (amount, currency) != (self.total, self.currency):
            return self._changed(status=Status.CANCELLED, reason=Reason.AMOUNT)
        return self._changed(status=Status.COMPLETED, completed_at=now)

    def expire(self, now: datetime) -> "Order":
        """A pending order past its time expires. A paid order stays paid."""
        if self.status is not Status.PENDING or now < self.expires_at:
            return self
        return self._changed(status=Status.EXPIRED, reason=Reason.HOLD)

    def cancel(self) -> "Order":
        """The buyer cancels. Raises Conflict once it is paid."""
        if self.status in (Status.COMPLETED, Status.REFUNDED):
            raise Conflict(
                f"This order is {self.status} and can't be cancelled.", code="order_not_cancellable"
            )
        return (
            self._changed(status=Status.CANCELLED, reason=Reason.BUYER)
            if self.status is Status.PENDING
            else self
        )

    def fail_payment(self, declined: bool = False) -> "Order":
        """The payment can never be made: the order is cancelled, also if it had completed."""
        if self.status not in (Status.PENDING, Status.COMPLETED):
            return self
        return self._changed(status=Status.CANCELLED, reason=Reason.PAYMENT, declined=declined)

    def refund(self) -> "Order":
        """All the money of a completed order went back. Its units are free, unless they are files."""
        return (
            self._changed(status=Status.REFUNDED, reason=Reason.REFUND)
            if self.status is Status.COMPLETED
            else self
        )

    def fail_delivery(self) -> "Order":
        """None of its units was allocated, and none will be: a completed order is cancelled."""
        if self.status is not Status.COMPLETED or self.delivery is not Delivery.FILE:
            return self.return_units()
        return self._changed(status=Status.CANCELLED, reason=Reason.UNDELIVERED, returned=True)

    def return_units(self) -> "Order":
        """The files of an order that ended were not opened: its units are for sale again, once."""
        ended = self.status is not Status.COMPLETED
        return self._changed(returned=True) if ended and self.units == "sold" else self

    def _changed(self, **what: object) -> "Order":
        return replace(self, version=self.version + 1, **what)  # type: ignore[arg-type]


def _until(time: datetime, ticket: TicketSnapshot) -> datetime:
    """The time, or when the ticket's event starts if that is earlier."""
    return time if ticket.starts_at is None else min(time, ticket.starts_at)


def new_order_id(buyer_id: str, idempotency_key: str | None) -> str:
    """The same for the same key of the same buyer; random without a key."""
    return ids.new() if idempotency_key is None else ids.derived(KEYED_ORDERS, buyer_id, idempotency_key)


def unit_transfers(source: UnitState, target: UnitState, quantity: int) -> dict[UnitState, int]:
    """How many units each state gains when an order's change moves them; empty where it does not."""
    return {} if source == target else {source: -quantity, target: quantity}
