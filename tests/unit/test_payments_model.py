"""What happens to an order's money, rule by rule."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from payments.model import (
    ENDED,
    FINAL,
    Action,
    Intent,
    IntentStatus,
    Order,
    OrderStatus,
    Payment,
    Sale,
    Status,
    next_action,
)
from tiketz_common.errors import Conflict

from tests import factories
from tests.factories import NOON, order_projection

ORDER = order_projection()
INTENT = factories.intent()


def order(status: OrderStatus) -> Order:
    return replace(ORDER, status=status)


def intent(status: IntentStatus, *, refunded: bool = False) -> Intent:
    return replace(INTENT, status=status, refunded=refunded)


@pytest.mark.parametrize(
    ("at", "of", "then"),
    [
        (OrderStatus.PENDING, IntentStatus.REQUIRES_CAPTURE, Status.AUTHORIZED),
        (OrderStatus.PENDING, IntentStatus.CANCELED, Status.FAILED),
        (OrderStatus.COMPLETED, IntentStatus.CANCELED, Status.FAILED),
        (OrderStatus.COMPLETED, IntentStatus.REQUIRES_CAPTURE, Action.CAPTURE),
        (OrderStatus.COMPLETED, IntentStatus.SUCCEEDED, Status.CAPTURED),
        *((ended, IntentStatus.SUCCEEDED, Action.REFUND) for ended in sorted(ENDED)),
        *((ended, IntentStatus.CANCELED, Status.VOIDED) for ended in sorted(ENDED)),
        *((ended, IntentStatus.PROCESSING, Action.WAIT) for ended in sorted(ENDED)),
        *((ended, IntentStatus.REQUIRES_CAPTURE, Action.CANCEL) for ended in sorted(ENDED)),
        *((ended, IntentStatus.REQUIRES_PAYMENT_METHOD, Action.CANCEL) for ended in sorted(ENDED)),
        *((ended, IntentStatus.REQUIRES_CONFIRMATION, Action.CANCEL) for ended in sorted(ENDED)),
        *((ended, IntentStatus.REQUIRES_ACTION, Action.CANCEL) for ended in sorted(ENDED)),
    ],
)
def test_the_order_decides_what_becomes_of_its_intent(
    at: OrderStatus, of: IntentStatus, then: Status | Action
) -> None:
    assert next_action(order(at), intent(of)) is then


@pytest.mark.parametrize("at", [OrderStatus.PENDING, OrderStatus.COMPLETED])
@pytest.mark.parametrize(
    "of",
    [
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_CONFIRMATION,
        IntentStatus.REQUIRES_ACTION,
        IntentStatus.PROCESSING,
    ],
)
def test_a_standing_order_waits_for_its_buyer(at: OrderStatus, of: IntentStatus) -> None:
    assert next_action(order(at), intent(of)) is None


@pytest.mark.parametrize("at", OrderStatus)
def test_money_that_went_back_in_full_is_refunded_whatever_the_order(at: OrderStatus) -> None:
    assert next_action(order(at), intent(IntentStatus.SUCCEEDED, refunded=True)) is Status.REFUNDED


def test_money_captured_by_hand_counts_as_authorised_until_the_order_completes() -> None:
    assert next_action(ORDER, intent(IntentStatus.SUCCEEDED)) is Status.AUTHORIZED


def test_money_is_taken_for_completed_orders_alone() -> None:
    captures = {
        at
        for at, of in product(OrderStatus, IntentStatus)
        if next_action(order(at), intent(of)) is Action.CAPTURE
    }
    assert captures == {OrderStatus.COMPLETED}


def test_a_released_authorisation_is_void_although_stripe_counts_it_as_refunded() -> None:
    assert (
        next_action(order(OrderStatus.EXPIRED), intent(IntentStatus.CANCELED, refunded=True)) is Status.VOIDED
    )


@pytest.fixture
def sale() -> Sale:
    """A pending order whose payment has its intent."""
    return Sale(order=ORDER).prepare(NOON).attach_intent(INTENT)


def test_an_order_is_heard_if_it_is_newer(sale: Sale) -> None:
    newer, same = replace(ORDER, version=2), replace(ORDER, total=1)
    assert sale.with_order(newer).order is newer
    assert sale.with_order(same) is sale
    assert sale.with_order(newer).with_order(ORDER).order is newer


def test_a_payment_that_is_meant_is_of_what_the_order_costs() -> None:
    meant = Payment(
        intent_id=None, status=Status.PENDING, amount=4860, currency="eur", created_at=NOON, version=0
    )
    assert Sale(order=ORDER).prepare(NOON).payment == meant


def test_a_payment_is_meant_once_and_has_one_intent(sale: Sale) -> None:
    assert sale.prepare(NOON + timedelta(minutes=1)).payment == sale.payment
    assert sale.attach_intent(replace(INTENT, id="pi_2")) is sale


def test_no_intent_is_taken_for_an_order_that_nobody_wants_to_pay() -> None:
    sale = Sale(order=ORDER)
    assert sale.attach_intent(INTENT) is sale
    assert sale.intent_id is None


def test_a_payment_is_of_version_1_when_its_intent_is_known_and_counts_its_changes(sale: Sale) -> None:
    authorised = sale.record(Status.AUTHORIZED, INTENT)
    captured = authorised.record(Status.CAPTURED, INTENT)
    versions = [each.payment.version for each in (sale, authorised, captured) if each.payment]
    assert versions == [1, 2, 3]


def test_recording_the_same_again_changes_nothing(sale: Sale) -> None:
    authorised = sale.record(Status.AUTHORIZED, INTENT)
    assert authorised.record(Status.AUTHORIZED, INTENT) is authorised


@pytest.mark.parametrize("final", sorted(FINAL))
@pytest.mark.parametrize("later", Status)
def test_what_is_final_stays_as_it_ended(sale: Sale, final: Status, later: Status) -> None:
    ended = sale.record(final, INTENT)
    assert ended.record(later, INTENT) is ended


def test_what_was_authorised_is_recorded_not_what_was_asked_for(sale: Sale) -> None:
    payment = sale.record(Status.AUTHORIZED, replace(INTENT, amount=1, currency="usd")).payment
    assert payment
    assert (payment.amount, payment.currency) == (1, "usd")


@pytest.mark.parametrize(
    "other",
    [
        replace(INTENT, order_id="o2"),
        replace(INTENT, order_id=None),
        replace(INTENT, amount=1),
        replace(INTENT, currency="usd"),
    ],
)
def test_an_intent_for_something_else_is_not_the_orders(sale: Sale, other: Intent) -> None:
    assert sale.matches(INTENT)
    assert not sale.matches(other)


def test_an_order_may_be_paid_until_its_time_is_over(sale: Sale) -> None:
    last = ORDER.expires_at - timedelta(milliseconds=1)
    assert sale.is_open(last)
    sale.check_open(last)
    assert not sale.is_open(ORDER.expires_at)
    with pytest.raises(Conflict, match=r"^The time ran out\. You were not charged\.$"):
        sale.check_open(ORDER.expires_at)


@pytest.mark.parametrize("status", [each for each in OrderStatus if each is not OrderStatus.PENDING])
def test_an_order_that_is_not_pending_may_not_be_paid(sale: Sale, status: OrderStatus) -> None:
    over = replace(sale, order=order(status))
    assert not over.is_open(NOON)
    with pytest.raises(Conflict, match=status):
        over.check_open(NOON)


@pytest.mark.parametrize(
    ("at", "status", "settled"),
    [
        (OrderStatus.PENDING, Status.PENDING, False),
        (OrderStatus.PENDING, Status.AUTHORIZED, False),
        (OrderStatus.COMPLETED, Status.AUTHORIZED, False),
        (OrderStatus.COMPLETED, Status.CAPTURED, True),
        (OrderStatus.CANCELLED, Status.CAPTURED, False),
        (OrderStatus.EXPIRED, Status.PENDING, False),
        (OrderStatus.EXPIRED, Status.VOIDED, True),
        (OrderStatus.PENDING, Status.FAILED, True),
        (OrderStatus.COMPLETED, Status.REFUNDED, True),
    ],
)
def test_a_sale_is_settled_when_its_money_rests_where_the_order_wants_it(
    sale: Sale, at: OrderStatus, status: Status, settled: bool
) -> None:
    assert replace(sale, order=order(at)).record(status, INTENT).settled is settled


def test_an_order_that_nobody_pays_leaves_nothing_to_settle() -> None:
    assert Sale(order=ORDER).settled


def test_a_standing_order_is_looked_at_each_minute_and_a_stuck_one_ever_more_rarely(sale: Sale) -> None:
    stuck = replace(sale, order=order(OrderStatus.EXPIRED))
    hours = timedelta(hours=2)
    assert sale.next_sweep_at(NOON + hours) == NOON + hours + timedelta(minutes=1)
    assert stuck.next_sweep_at(NOON) == NOON + timedelta(minutes=1)
    assert stuck.next_sweep_at(NOON + hours) == NOON + 2 * hours


def test_a_secret_is_not_shown_with_its_intent() -> None:
    assert "canary" not in repr(INTENT)
