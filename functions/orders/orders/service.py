"""What orders can do: one function per use case."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from tiketz_common import retry
from tiketz_common.errors import DomainError, IdempotencyKeyReused, NotFound, Unavailable

from orders import events
from orders.model import Inventory, Order, Request, Ticket, is_timer_missed
from orders.repository import Contended, OrderTable, Stale

Rule = Callable[[Order], Order]


def place_order(
    id: str, request: Request, buyer_id: str, *, orders: OrderTable, now: datetime, hold: timedelta
) -> Order:
    """Hold units for a buyer. An order that exists under this id outranks every refusal."""
    try:
        return _claim(id, request, buyer_id, orders=orders, now=now, hold=hold)
    except DomainError:
        placed = orders.find(id)
        if placed is None:
            raise
        if placed.request != request:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another order.") from None
        return placed


def _claim(
    id: str, request: Request, buyer_id: str, *, orders: OrderTable, now: datetime, hold: timedelta
) -> Order:
    for attempt in retry.attempts():
        inventory = None if attempt else _cached_if_buyable(request, buyer_id, orders, now)
        if inventory is None:
            inventory = orders.inventory(request.ticket_id)
            inventory.check(buyer_id, request.quantity, request.price, now)
        order = Order.place(id, buyer_id, request, inventory.ticket, now, hold)
        try:
            orders.add(order, inventory, events.of(order))
        except (Stale, Contended):
            continue
        return order
    orders.inventory(request.ticket_id).check(buyer_id, request.quantity, request.price, now)
    raise Unavailable("Many people want this one; try again in a moment.", code="busy")


def _cached_if_buyable(
    request: Request, buyer_id: str, orders: OrderTable, now: datetime
) -> Inventory | None:
    """What was read of the ticket before, if it lets the buyer buy: the claim asks whether it is still so.

    It refuses nobody, for units may have come free, and it saves a popular ticket half of its calls.
    """
    seen = orders.cached_inventory(request.ticket_id)
    try:
        if seen:
            seen.check(buyer_id, request.quantity, request.price, now)
    except DomainError:
        return None
    return seen


def order_of(id: str, buyer_id: str, *, orders: OrderTable) -> Order:
    """The buyer's own order. Raises NotFound."""
    return _owned_by(orders.find(id), buyer_id)


def extend_order(id: str, buyer_id: str, *, orders: OrderTable, now: datetime, hold: timedelta) -> Order:
    def extend(order: Order) -> Order:
        return _owned_by(order, buyer_id).extend(now, hold)

    return _owned_by(_apply(id, extend, orders=orders, now=now), buyer_id)


def cancel_order(id: str, buyer_id: str, *, orders: OrderTable, now: datetime) -> Order:
    def cancel(order: Order) -> Order:
        return _owned_by(order, buyer_id).cancel()

    return _owned_by(_apply(id, cancel, orders=orders, now=now), buyer_id)


def pay_order(id: str, amount: int, currency: str, *, orders: OrderTable, now: datetime) -> None:
    _apply(id, lambda order: order.pay(amount, currency), orders=orders, now=now)


def fail_payment(id: str, *, orders: OrderTable, now: datetime) -> None:
    _apply(id, Order.fail_payment, orders=orders, now=now)


def refund_order(id: str, *, orders: OrderTable, now: datetime) -> None:
    _apply(id, Order.refund, orders=orders, now=now)


def expire_order(id: str, *, orders: OrderTable, now: datetime) -> None:
    _apply(id, lambda order: order.expire(now), orders=orders, now=now)


def expire_overdue(*, orders: OrderTable, now: datetime) -> int:
    """Expire the pending orders whose time ran out; how many of them a timer must have missed.

    One whose ticket is contended waits for the next time, and holds up no other.
    """
    overdue = list(orders.overdue(now))
    for id, _ in overdue:
        with suppress(Unavailable):
            expire_order(id, orders=orders, now=now)
    return sum(is_timer_missed(expires_at, now) for _, expires_at in overdue)


def upsert_listing(ticket: Ticket, *, orders: OrderTable, now: datetime) -> None:
    """Keep our copy of a listing, if it is newer than ours; standing orders keep their units and price."""
    for _ in retry.attempts():
        try:
            orders.upsert_listing(ticket, now)
        except (Stale, Contended):
            continue
        return
    raise Unavailable(f"ticket {ticket.id} is contended", code="busy")


def _owned_by(order: Order | None, buyer_id: str) -> Order:
    """Somebody else's order is as unknown as one that never was."""
    if order is None or order.user_id != buyer_id:
        raise NotFound("We know no such order of yours.", code="order_unknown")
    return order


def _apply(id: str, rule: Rule, *, orders: OrderTable, now: datetime) -> Order | None:
    """Apply a rule to the order as it is, and store what changed with its event and its units' move.

    None for an order that never was.
    """
    for _ in retry.attempts():
        order = orders.find(id)
        if order is None:
            return None
        changed = rule(order)
        if changed is order:
            return order
        try:
            orders.save(order, changed, events.of(changed), now)
        except (Stale, Contended):
            continue
        return changed
    raise Unavailable("This order is changing right now; try again in a moment.", code="busy")
