"""What orders does: one function per use case."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from tiketz_common import retry
from tiketz_common.errors import DomainError, IdempotencyKeyReused, NotFound, Unavailable

from orders import events
from orders.limits import HoldLimits
from orders.model import Inventory, Order, Request, Status, Ticket, is_timer_missed
from orders.repository import OrderTable

Rule = Callable[[Order], Order]


def place_order(
    order_id: str,
    request: Request,
    buyer_id: str,
    *,
    orders: OrderTable,
    now: datetime,
    hold: timedelta,
    limits: HoldLimits,
) -> Order:
    """Hold units for a buyer until `now + hold`, or until their event starts.

    Idempotent: an order that exists under this id is returned before any error, unless its request differs
    (IdempotencyKeyReused). Raises Conflict, Forbidden, NotFound, TooManyRequests, Unavailable.
    """
    try:
        return _claim(order_id, request, buyer_id, orders=orders, now=now, hold=hold, limits=limits)
    except DomainError:
        placed = orders.find(order_id)
        if placed is None:
            raise
        if placed.request != request:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another order.") from None
        return placed


def _claim(
    order_id: str,
    request: Request,
    buyer_id: str,
    *,
    orders: OrderTable,
    now: datetime,
    hold: timedelta,
    limits: HoldLimits,
) -> Order:
    """Claims on the cached inventory first, which saves a popular ticket half of its calls."""

    def claim(inventory: Inventory) -> Order:
        """Raises Contended where the row is no longer as `inventory`."""
        order = Order.place(order_id, buyer_id, request, inventory.ticket, now, hold)
        orders.add(order, inventory, events.of(order), limits)
        return order

    @retry.optimistic("Many people want this one; try again in a moment.")
    def claim_latest() -> Order:
        inventory = orders.inventory(request.ticket_id)
        inventory.check(buyer_id, request, now)
        return claim(inventory)

    if cached := _cached_if_buyable(request, buyer_id, orders, now):
        with suppress(retry.Contended):
            return claim(cached)
    return claim_latest()


def _cached_if_buyable(
    request: Request, buyer_id: str, orders: OrderTable, now: datetime
) -> Inventory | None:
    """The cached inventory, if it lets the buyer buy. It refuses no buyer, for units may be free again."""
    cached = orders.cached_inventory(request.ticket_id)
    try:
        if cached:
            cached.check(buyer_id, request, now)
    except DomainError:
        return None
    return cached


def order_of(order_id: str, buyer_id: str, *, orders: OrderTable) -> Order:
    """The buyer's own order. Raises NotFound."""
    return _owned_by(orders.find(order_id), buyer_id)


def extend_order(
    order_id: str, buyer_id: str, *, orders: OrderTable, now: datetime, hold: timedelta
) -> Order:
    """The buyer's order, held for longer. Raises NotFound, Conflict, Unavailable."""

    def extend(order: Order) -> Order:
        return _owned_by(order, buyer_id).extend(now, hold)

    return _owned_by(_apply(order_id, extend, orders=orders, now=now), buyer_id)


def cancel_order(order_id: str, buyer_id: str, *, orders: OrderTable, now: datetime) -> Order:
    """The buyer's order, cancelled unless it ended before. Raises NotFound, Conflict, Unavailable."""

    def cancel(order: Order) -> Order:
        return _owned_by(order, buyer_id).cancel()

    return _owned_by(_apply(order_id, cancel, orders=orders, now=now), buyer_id)


def pay_order(order_id: str, amount: int, currency: str, *, orders: OrderTable, now: datetime) -> None:
    """Complete an order whose money is authorised in time; `amount` in minor units. Idempotent."""
    _answer(order_id, lambda order: order.pay(amount, currency, now), orders=orders, now=now)


def fail_payment(order_id: str, declined: bool, *, orders: OrderTable, now: datetime) -> None:
    """Cancel an order that can never be paid; `declined`: as too many cards were. Idempotent.

    Raises Unavailable.
    """
    _answer(order_id, lambda order: order.fail_payment(declined), orders=orders, now=now)


def refund_order(order_id: str, *, orders: OrderTable, now: datetime) -> None:
    """End a completed order whose money went back. Idempotent. Raises Unavailable."""
    _answer(order_id, Order.refund, orders=orders, now=now)


def fail_delivery(order_id: str, *, orders: OrderTable, now: datetime) -> None:
    """Cancel a completed order whose ticket could not be delivered. Idempotent. Raises Unavailable."""
    _apply(order_id, Order.fail_delivery, orders=orders, now=now)


def return_units(order_id: str, *, orders: OrderTable, now: datetime) -> None:
    """Sell the unopened units of an order that ended again. Idempotent. Raises Unavailable."""
    _apply(order_id, Order.return_units, orders=orders, now=now)


def expire_order(order_id: str, *, orders: OrderTable, now: datetime) -> None:
    """Expire an order that is pending past its time. Idempotent. Raises Unavailable."""
    _apply(order_id, lambda order: order.expire(now), orders=orders, now=now)


def expire_overdue(*, orders: OrderTable, now: datetime) -> int:
    """Expire the pending orders whose time ran out; the number of those whose timer must have failed.

    A contended order is left for the next run, and delays no other.
    """
    overdue = list(orders.overdue(now))
    for order_id, _ in overdue:
        with suppress(Unavailable):
            expire_order(order_id, orders=orders, now=now)
    return sum(is_timer_missed(expires_at, now) for _, expires_at in overdue)


@retry.optimistic()
def upsert_listing(ticket: Ticket, *, orders: OrderTable, now: datetime) -> None:
    """Store a listing's copy if it is newer than ours. Placed orders keep their units and price."""
    orders.upsert_listing(ticket, now)


def block_buyer(user_id: str, *, orders: OrderTable, now: datetime) -> None:
    """Accept no further order of a deleted account, whose session may last a while. Idempotent."""
    orders.block_buyer(user_id, now)


def _owned_by(order: Order | None, buyer_id: str) -> Order:
    """Raises NotFound for another buyer's order too, so that its existence is not leaked."""
    if order is None or order.user_id != buyer_id:
        raise NotFound("We know no such order of yours.", code="order_unknown")
    return order


def _answer(order_id: str, rule: Rule, *, orders: OrderTable, now: datetime) -> None:
    """Apply a rule to an order whose payment changed. Idempotent. Raises Unavailable.

    Payments publishes a change again until it has received an order that fits it. So where the order fits
    already and was published a while ago, that event may be lost: the order is published again too.
    """

    def publish_again(order: Order) -> None:
        if order.status is not Status.PENDING:
            orders.publish_again(order, events.of(order), now)

    _apply(order_id, rule, orders=orders, now=now, if_unchanged=publish_again)


def _do_nothing(_: Order) -> None:
    """Most orders that a rule leaves as they are need nothing else."""


@retry.optimistic("This order is changing right now; try again in a moment.")
def _apply(
    order_id: str,
    rule: Rule,
    *,
    orders: OrderTable,
    now: datetime,
    if_unchanged: Callable[[Order], None] = _do_nothing,
) -> Order | None:
    """The order after a rule, stored with its event and its units' transfer; None for an unknown id."""
    order = orders.find(order_id)
    if order is None:
        return None
    changed = rule(order)
    if changed is order:
        if_unchanged(order)
    else:
        orders.save(order, changed, events.of(changed), now)
    return changed
