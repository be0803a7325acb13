"""The rules of orders."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from orders.model import (
    Delivery,
    Inventory,
    Order,
    Reason,
    Request,
    Status,
    TicketSnapshot,
    UnitState,
    is_timer_missed,
    new_order_id,
    unit_transfers,
)
from tiketz_common.errors import Conflict, DomainError, Forbidden

from tests.factories import HOLD, MINUTE, NOON, ticket

TICKET = ticket(quantity=3, version=1)
WITHDRAWN = replace(TICKET, listed=False)
FREE = Inventory(ticket=TICKET, available=3, held=0, sold=0)


def request(quantity: int = 1, **seen: int | None) -> Request:
    """What ann requests, of the listing as she saw it."""
    return Request(ticket_id="t1", quantity=quantity, **{"price": None, **seen})


@pytest.fixture
def order() -> Order:
    """Two units of t1, held for ann since noon."""
    return Order.place("o1", "ann", Request(ticket_id="t1", quantity=2, price=None), TICKET, NOON, HOLD)


def test_a_new_order_holds_its_units_for_a_while(order: Order) -> None:
    assert (order.status, order.total, order.expires_at) == (Status.PENDING, 9720, NOON + HOLD)


def test_an_order_keeps_its_request_and_a_snapshot_of_the_ticket(order: Order) -> None:
    assert (order.id, order.user_id, order.quantity, order.currency) == ("o1", "ann", 2, "eur")
    assert (order.created_at, order.version, order.extensions, order.extended_at) == (NOON, 1, 0, None)
    assert (order.request, order.reason) == (Request(ticket_id="t1", quantity=2, price=None), None)
    assert order.ticket == TicketSnapshot(
        id="t1",
        title="Marble Arcade",
        price=4860,
        starts_at=NOON + timedelta(days=90),
        venue="Halcyon Hall",
        city="Rotterdam",
        time_zone="Europe/Amsterdam",
    )
    assert order.ticket_id == "t1"


def test_the_full_amount_completes_it(order: Order) -> None:
    paid = order.pay(9720, "eur", NOON)
    assert (paid.status, paid.version) == (Status.COMPLETED, 2)


@pytest.mark.parametrize("money", [(9719, "eur"), (9721, "eur"), (9720, "usd"), (0, "eur")])
def test_any_other_amount_cancels_it(order: Order, money: tuple[int, str]) -> None:
    ended = order.pay(*money, NOON)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.AMOUNT)


def test_it_expires_exactly_when_its_time_ends(order: Order) -> None:
    assert order.expire(NOON + HOLD - timedelta(milliseconds=1)) is order
    expired = order.expire(NOON + HOLD)
    assert (expired.status, expired.reason) == (Status.EXPIRED, Reason.HOLD)


def test_cancelling_is_idempotent(order: Order) -> None:
    cancelled = order.cancel()
    assert (cancelled.status, cancelled.reason) == (Status.CANCELLED, Reason.BUYER)
    assert cancelled.cancel() is cancelled
    expired = order.expire(NOON + HOLD)
    assert expired.cancel() is expired


def test_an_ended_order_never_changes(order: Order) -> None:
    late = NOON + timedelta(days=1)
    for ended in (
        order.expire(late),
        order.cancel(),
        order.pay(9720, "eur", NOON).refund(),
        order.fail_payment(),
    ):
        assert ended.pay(9720, "eur", NOON) is ended
        assert ended.expire(late) is ended
        assert ended.refund() is ended
        assert ended.fail_payment() is ended


def test_a_paid_order_never_expires_and_is_never_cancelled(order: Order) -> None:
    paid = order.pay(9720, "eur", NOON)
    assert paid.expire(NOON + timedelta(days=1)) is paid
    with pytest.raises(Conflict, match="completed and can't be cancelled") as error:
        paid.cancel()
    assert error.value.code == "order_not_cancellable"


def test_only_a_paid_order_is_refunded(order: Order) -> None:
    assert order.refund() is order
    refunded = order.pay(9720, "eur", NOON).refund()
    assert (refunded.status, refunded.reason) == (Status.REFUNDED, Reason.REFUND)
    with pytest.raises(Conflict):
        refunded.cancel()


def test_a_failed_payment_cancels_a_pending_and_a_paid_order(order: Order) -> None:
    assert order.fail_payment().reason is Reason.PAYMENT
    assert order.pay(9720, "eur", NOON).fail_payment().status is Status.CANCELLED


def test_an_extension_counts_from_now_at_most_twice(order: Order) -> None:
    once = order.extend(NOON + 5 * MINUTE, HOLD)
    assert (once.expires_at, once.extensions, once.version) == (NOON + 20 * MINUTE, 1, 2)
    assert once.extend(NOON + 5 * MINUTE + timedelta(seconds=9.999), HOLD) is once
    twice = once.extend(NOON + 5 * MINUTE + timedelta(seconds=10), HOLD)
    assert twice.extensions == 2
    with pytest.raises(Conflict, match=r"^You had more time twice; that is all we can give\.$") as error:
        twice.extend(NOON + 6 * MINUTE, HOLD)
    assert error.value.code == "extensions_used_up"


def test_an_order_past_its_time_is_not_extended(order: Order) -> None:
    with pytest.raises(Conflict, match=r"^The time ran out\. You were not charged\.$") as expired:
        order.extend(NOON + HOLD, HOLD)
    with pytest.raises(Conflict, match="completed") as completed:
        order.pay(9720, "eur", NOON).extend(NOON, HOLD)
    assert (expired.value.code, completed.value.code) == ("hold_expired", "order_not_pending")


@pytest.mark.parametrize(
    ("inventory", "buyer", "quantity", "seen", "refusal"),
    [
        (FREE, "maren", 1, None, Forbidden("This ticket is yours; you can't buy it.", code="own_ticket")),
        (
            replace(FREE, ticket=WITHDRAWN),
            *("ann", 1, None),
            Conflict("The seller withdrew this ticket.", code="ticket_withdrawn"),
        ),
        (
            replace(FREE, ticket=replace(TICKET, listed=False, draft=True)),
            *("ann", 1, None),
            Conflict("Its seller is still adding the tickets.", code="ticket_incomplete"),
        ),
        (
            replace(FREE, ticket=replace(TICKET, starts_at=NOON)),
            *("ann", 1, None),
            Conflict("This event has begun; its tickets are no longer sold.", code="event_started"),
        ),
        (
            FREE,
            *("ann", 1, 4859),
            Conflict("The price changed. Look again before you order.", code="price_changed", field="price"),
        ),
        (FREE, "ann", 4, None, Conflict("Only 3 left.", code="not_enough_units", field="quantity")),
        (
            replace(FREE, available=1, sold=2),
            *("ann", 2, None),
            Conflict("Only 1 left.", code="not_enough_units", field="quantity"),
        ),
        (
            replace(FREE, available=0, held=3),
            *("ann", 1, None),
            Conflict("Somebody is paying for this one.", code="ticket_reserved"),
        ),
        (
            replace(FREE, available=-1, sold=4),
            *("ann", 1, None),
            Conflict("This one is sold.", code="ticket_sold"),
        ),
    ],
)
def test_the_refusal_fits_the_reason(
    inventory: Inventory, buyer: str, quantity: int, seen: int | None, refusal: DomainError
) -> None:
    with pytest.raises(type(refusal)) as refused:
        inventory.check(buyer, request(quantity, price=seen), NOON)
    error = refused.value
    assert (str(error), error.code, error.field) == (str(refusal), refusal.code, refusal.field)


def test_a_buyer_can_have_the_last_unit() -> None:
    FREE.check("ann", request(3, price=4860, version=1), NOON)
    replace(FREE, ticket=replace(TICKET, starts_at=None)).check("ann", request(), NOON)


@pytest.mark.parametrize(("version", "retry_after"), [(1, None), (3, 1)])
def test_another_version_than_the_buyer_saw_is_refused(version: int, retry_after: int | None) -> None:
    """A later one may be the seller's latest edit, whose event is on its way."""
    edited = replace(FREE, ticket=replace(TICKET, version=2))
    with pytest.raises(Conflict, match=r"^The listing changed; look again\.$") as refused:
        edited.check("ann", request(version=version), NOON)
    assert (refused.value.code, refused.value.retry_after) == ("listing_changed", retry_after)
    edited.check("ann", request(version=2), NOON)


STARTS_SOON = replace(TICKET, starts_at=NOON + 5 * MINUTE)


def test_a_hold_ends_when_its_event_starts() -> None:
    assert Order.place("o1", "ann", request(), STARTS_SOON, NOON, HOLD).expires_at == NOON + 5 * MINUTE


def test_an_extension_is_cut_to_the_start_of_the_event() -> None:
    starts = replace(TICKET, starts_at=NOON + 16 * MINUTE)
    order = Order.place("o1", "ann", request(), starts, NOON, HOLD)
    extended = order.extend(NOON + 10 * MINUTE, HOLD)
    assert (extended.expires_at, extended.extensions) == (NOON + 16 * MINUTE, 1)
    with pytest.raises(Conflict, match="The event starts then") as refused:
        extended.extend(NOON + 11 * MINUTE, HOLD)
    assert refused.value.code == "event_starts_first"


def test_a_payment_after_the_start_of_the_event_does_not_complete_it() -> None:
    order = Order.place("o1", "ann", request(2), STARTS_SOON, NOON, HOLD)
    late = order.pay(9720, "eur", NOON + 5 * MINUTE)
    assert (late.status, late.reason) == (Status.EXPIRED, Reason.HOLD)
    in_time = NOON + 5 * MINUTE - timedelta(milliseconds=1)
    assert order.pay(9720, "eur", in_time).status is Status.COMPLETED


def test_every_transfer_keeps_the_sum_of_units() -> None:
    states: list[UnitState] = ["available", "held", "sold"]
    for source, target in product(states, states):
        transfers = unit_transfers(source, target, 2)
        assert transfers == ({} if source == target else {source: -2, target: 2})


def test_an_orders_status_says_where_its_units_are(order: Order) -> None:
    paid = order.pay(9720, "eur", NOON)
    assert (order.units, paid.units) == ("held", "sold")
    for ended in (order.cancel(), order.expire(NOON + HOLD), paid.refund(), paid.fail_payment()):
        assert ended.units == "available"
        assert ended.return_units() is ended
        assert ended.fail_delivery() is ended


@pytest.fixture
def filed(order: Order) -> Order:
    """The same order of a ticket that is handed over as a file, completed."""
    return replace(order, delivery=Delivery.FILE).pay(9720, "eur", NOON + MINUTE)


def test_a_completed_order_says_since_when(filed: Order) -> None:
    assert filed.completed_at == NOON + MINUTE


def test_the_units_of_a_file_stay_sold_until_they_are_returned(filed: Order) -> None:
    for ended in (filed.refund(), filed.fail_payment()):
        returned = ended.return_units()
        assert (ended.units, returned.units) == ("sold", "available")
        assert (returned.status, returned.reason, returned.version) == (ended.status, ended.reason, 4)
        assert returned.return_units() is returned


def test_units_that_are_the_buyers_are_not_returned(order: Order, filed: Order) -> None:
    for standing in (order, replace(order, delivery=Delivery.FILE), filed):
        assert standing.return_units() is standing


def test_a_file_order_that_never_completed_has_no_units_to_return(order: Order) -> None:
    expired = replace(order, delivery=Delivery.FILE).expire(NOON + HOLD)
    assert expired.units == "available"
    assert expired.return_units() is expired
    assert expired.fail_delivery() is expired


def test_an_order_that_cannot_be_delivered_is_cancelled_and_its_units_free(filed: Order) -> None:
    failed = filed.fail_delivery()
    assert (failed.status, failed.reason, failed.units) == (Status.CANCELLED, Reason.UNDELIVERED, "available")
    assert failed.fail_delivery() is failed
    assert failed.refund() is failed


def test_a_refunded_order_that_cannot_be_delivered_stays_refunded(filed: Order) -> None:
    failed = filed.refund().fail_delivery()
    assert (failed.status, failed.reason, failed.units) == (Status.REFUNDED, Reason.REFUND, "available")


def test_only_a_file_can_fail_to_be_delivered(order: Order) -> None:
    paid = order.pay(9720, "eur", NOON)
    assert paid.fail_delivery() is paid


def test_a_key_identifies_one_order_of_one_buyer() -> None:
    assert new_order_id("ann", "k") == new_order_id("ann", "k")
    keys = [("ann", "k"), ("bob", "k"), ("ann", "l"), ("ann", None)]
    assert len({new_order_id(*each) for each in keys}) == 4
    assert new_order_id("ann", None) != new_order_id("ann", None)


@pytest.mark.parametrize(("late", "missed"), [(0.0, False), (10.0, False), (10.001, True), (60.0, True)])
def test_a_timer_is_missed_once_it_is_over_ten_seconds_late(late: float, missed: bool) -> None:
    assert is_timer_missed(NOON, NOON + timedelta(seconds=late)) is missed
