"""The rules of an order's money."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from payments.intent import Dispute, DisputeState, Intent, IntentStatus, Money, Refund, RefundState
from payments.model import (
    ENDED,
    FINAL,
    RETURNED,
    Action,
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


def sale_of(status: OrderStatus) -> Sale:
    return Sale(order=order(status))


def intent(status: IntentStatus, *, refunded: bool = False) -> Intent:
    return replace(INTENT, status=status, refunds=(SUCCEEDED,) if refunded else ())


def captured(*what: Refund | Dispute) -> Intent:
    """The intent, captured, with these refunds and disputes."""
    refunds = tuple(each for each in what if isinstance(each, Refund))
    disputes = tuple(each for each in what if isinstance(each, Dispute))
    return replace(INTENT, status=IntentStatus.SUCCEEDED, refunds=refunds, disputes=disputes)


def refund(state: RefundState, amount: int = 4860) -> Refund:
    return Refund(id="re_1", amount=amount, state=state)


def dispute(state: DisputeState, amount: int = 4860, *, refundable: bool = False) -> Dispute:
    return Dispute(amount=amount, state=state, refundable=refundable)


SUCCEEDED, FAILED = refund(RefundState.SUCCEEDED), refund(RefundState.FAILED)
IN_FLIGHT = refund(RefundState.IN_FLIGHT)
OPEN, WON, LOST = map(dispute, (DisputeState.OPEN, DisputeState.WON, DisputeState.LOST))
INQUIRY = dispute(DisputeState.OPEN, refundable=True)


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
    assert next_action(sale_of(at), intent(of)) is then


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
def test_an_order_that_has_not_ended_waits_for_its_buyer(at: OrderStatus, of: IntentStatus) -> None:
    assert next_action(sale_of(at), intent(of)) is None


@pytest.mark.parametrize("at", OrderStatus)
def test_a_full_refund_is_recorded_whatever_the_order(at: OrderStatus) -> None:
    assert next_action(sale_of(at), intent(IntentStatus.SUCCEEDED, refunded=True)) is Status.REFUNDED


def test_a_capture_by_hand_counts_as_authorised_while_pending() -> None:
    assert next_action(Sale(order=ORDER), intent(IntentStatus.SUCCEEDED)) is Status.AUTHORIZED


def test_only_completed_orders_are_captured() -> None:
    captures = {
        at
        for at, of in product(OrderStatus, IntentStatus)
        if next_action(sale_of(at), intent(of)) is Action.CAPTURE
    }
    assert captures == {OrderStatus.COMPLETED}


def test_a_released_authorisation_is_voided_though_refunded_is_set() -> None:
    released = intent(IntentStatus.CANCELED, refunded=True)
    assert next_action(sale_of(OrderStatus.EXPIRED), released) is Status.VOIDED


@pytest.mark.parametrize(
    ("of", "then"),
    [
        (captured(), Action.REFUND),
        (captured(refund(RefundState.SUCCEEDED, 1000)), Action.REFUND),
        (captured(SUCCEEDED), Status.REFUNDED),
        (captured(IN_FLIGHT), None),
        (captured(refund(RefundState.IN_FLIGHT, 1000)), Action.REFUND),
        (captured(FAILED), Status.REFUND_FAILED),
        (captured(FAILED, IN_FLIGHT), Status.REFUND_FAILED),
        (captured(FAILED, SUCCEEDED), Status.REFUNDED),
        (captured(OPEN), None),
        (captured(INQUIRY), Action.REFUND),
        (captured(INQUIRY, OPEN), None),
        (captured(WON), Action.REFUND),
        (captured(LOST), Status.REFUNDED),
        (captured(WON, SUCCEEDED), Status.REFUNDED),
        (captured(FAILED, OPEN), Status.REFUND_FAILED),
        (captured(FAILED, LOST), Status.REFUNDED),
        (captured(dispute(DisputeState.LOST, 860)), Action.REFUND),
        (captured(dispute(DisputeState.LOST, 860), refund(RefundState.SUCCEEDED, 4000)), Status.REFUNDED),
        (captured(dispute(DisputeState.WARNING_CLOSED)), Action.REFUND),
        (captured(LOST, SUCCEEDED), Status.REFUNDED),
    ],
)
@pytest.mark.parametrize("ended", sorted(ENDED))
def test_what_an_ended_order_kept_goes_back_once(
    ended: OrderStatus, of: Intent, then: Status | Action | None
) -> None:
    assert next_action(sale_of(ended), of) is then


@pytest.mark.parametrize(
    ("of", "then"),
    [
        (captured(OPEN), Status.CAPTURED),
        (captured(LOST), Status.CAPTURED),
        (captured(FAILED), Status.CAPTURED),
        (captured(IN_FLIGHT), Status.CAPTURED),
        (captured(refund(RefundState.SUCCEEDED, 4859)), Status.CAPTURED),
        (captured(refund(RefundState.SUCCEEDED, 4000), dispute(DisputeState.LOST, 860)), Status.CAPTURED),
        (captured(FAILED, SUCCEEDED), Status.REFUNDED),
    ],
)
def test_a_completed_order_stands_until_all_is_refunded(of: Intent, then: Status) -> None:
    assert next_action(sale_of(OrderStatus.COMPLETED), of) is then


@pytest.mark.parametrize("of", [captured(FAILED), captured(FAILED, IN_FLIGHT)])
def test_a_published_refund_that_fails_is_not_a_sale_again(sale: Sale, of: Intent) -> None:
    """The order may have ended on it before our copy says so."""
    completed = replace(sale, order=order(OrderStatus.COMPLETED))
    refunded = completed.record(Status.REFUNDED, captured(SUCCEEDED))
    assert next_action(refunded, of) is Status.REFUND_FAILED
    failed = refunded.record(Status.REFUND_FAILED, of)
    assert next_action(failed, of) is Status.REFUND_FAILED
    assert next_action(failed, captured(FAILED, SUCCEEDED)) is Status.REFUNDED


@pytest.mark.parametrize(
    ("of", "returning", "standing"),
    [
        (captured(), Money(), Money()),
        (captured(refund(RefundState.SUCCEEDED, 1000)), Money(refunded=1000), Money(refunded=1000)),
        (captured(IN_FLIGHT), Money(), Money()),
        (captured(FAILED), Money(refund_failed=4860), Money(refund_failed=4860)),
        (captured(FAILED, SUCCEEDED), Money(refunded=4860), Money(refunded=4860)),
        (
            captured(refund(RefundState.FAILED, 2000)),
            Money(refund_failed=4860),
            Money(refund_failed=2000),
        ),
        (
            captured(refund(RefundState.FAILED, 2000), refund(RefundState.SUCCEEDED, 500)),
            Money(refunded=500, refund_failed=4360),
            Money(refunded=500, refund_failed=1500),
        ),
        (
            captured(refund(RefundState.SUCCEEDED, 2000), refund(RefundState.FAILED, 2860)),
            Money(refunded=2000, refund_failed=2860),
            Money(refunded=2000, refund_failed=2860),
        ),
        (
            captured(refund(RefundState.FAILED, 500), refund(RefundState.SUCCEEDED, 2000)),
            Money(refunded=2000, refund_failed=2860),
            Money(refunded=2000),
        ),
        (
            captured(FAILED, LOST),
            Money(lost=4860, disputed=DisputeState.LOST),
            Money(lost=4860, disputed=DisputeState.LOST),
        ),
        (captured(OPEN), Money(disputed=DisputeState.OPEN), Money(disputed=DisputeState.OPEN)),
        (
            captured(WON, dispute(DisputeState.LOST, 860), dispute(DisputeState.OPEN, 40)),
            Money(lost=860, disputed=DisputeState.OPEN),
            Money(lost=860, disputed=DisputeState.OPEN),
        ),
        (captured(WON, LOST), *[Money(lost=4860, disputed=DisputeState.LOST)] * 2),
        (captured(dispute(DisputeState.WARNING_CLOSED), WON), *[Money(disputed=DisputeState.WON)] * 2),
        (
            captured(SUCCEEDED, LOST),
            *[Money(refunded=4860, lost=4860, disputed=DisputeState.LOST)] * 2,
        ),
    ],
)
def test_money_is_what_refunds_and_disputes_made_of_it(of: Intent, returning: Money, standing: Money) -> None:
    assert of.money(returning=True) == returning
    assert of.money(returning=False) == standing


def test_what_can_be_refunded_now() -> None:
    assert captured().refundable == 4860
    assert captured(OPEN).refundable == captured(OPEN, INQUIRY).refundable == 0
    assert captured(INQUIRY, refund(RefundState.IN_FLIGHT, 800)).refundable == 4060
    assert captured(dispute(DisputeState.LOST, 860), refund(RefundState.SUCCEEDED, 500)).refundable == 3500
    assert captured(SUCCEEDED, LOST).refundable == captured(SUCCEEDED, LOST).kept == 0
    assert captured(IN_FLIGHT, IN_FLIGHT).refundable == 0


@pytest.fixture
def sale() -> Sale:
    """A pending order whose payment has its intent."""
    return Sale(order=ORDER).prepare(NOON).attach_intent(INTENT)


def test_an_order_is_replaced_by_a_newer_version(sale: Sale) -> None:
    newer, same = replace(ORDER, version=2), replace(ORDER, total=1)
    assert sale.with_order(newer).order is newer
    assert sale.with_order(same) is sale
    assert sale.with_order(newer).with_order(ORDER).order is newer


def test_a_prepared_payment_has_the_orders_total() -> None:
    meant = Payment(
        intent_id=None, status=Status.PENDING, amount=4860, currency="eur", created_at=NOON, version=0
    )
    assert Sale(order=ORDER).prepare(NOON).payment == meant


def test_a_payment_is_prepared_once_and_has_one_intent(sale: Sale) -> None:
    assert sale.prepare(NOON + timedelta(minutes=1)).payment == sale.payment
    assert sale.attach_intent(replace(INTENT, id="pi_2")) is sale


def test_no_intent_is_attached_without_a_prepared_payment() -> None:
    sale = Sale(order=ORDER)
    assert sale.attach_intent(INTENT) is sale
    assert sale.intent_id is None


def test_a_payments_version_counts_from_its_intent(sale: Sale) -> None:
    authorised = sale.record(Status.AUTHORIZED, INTENT)
    captured = authorised.record(Status.CAPTURED, INTENT)
    versions = [each.payment.version for each in (sale, authorised, captured) if each.payment]
    assert versions == [1, 2, 3]


def test_recording_is_idempotent(sale: Sale) -> None:
    authorised = sale.record(Status.AUTHORIZED, INTENT)
    assert authorised.record(Status.AUTHORIZED, INTENT) is authorised


def test_a_change_of_money_alone_raises_the_version(sale: Sale) -> None:
    completed = replace(sale, order=order(OrderStatus.COMPLETED)).record(Status.CAPTURED, captured())
    disputed = completed.record(None, captured(OPEN))
    assert disputed.payment
    assert (disputed.payment.status, disputed.payment.version) == (Status.CAPTURED, 3)
    assert disputed.payment.money == Money(disputed=DisputeState.OPEN)
    assert disputed.record(Status.CAPTURED, captured(OPEN)) is disputed
    lost = disputed.record(Status.CAPTURED, captured(LOST))
    assert lost.payment
    assert (lost.payment.version, lost.payment.money.lost) == (4, 4860)


def test_what_was_not_captured_leaves_no_money(sale: Sale) -> None:
    authorised = replace(captured(SUCCEEDED), status=IntentStatus.REQUIRES_CAPTURE)
    payment = sale.record(Status.AUTHORIZED, authorised).payment
    assert payment
    assert payment.money == Money()


def test_a_failed_refund_owes_all_though_our_copy_of_the_order_is_older(sale: Sale) -> None:
    completed = replace(sale, order=order(OrderStatus.COMPLETED))
    part = captured(refund(RefundState.SUCCEEDED, 1000), refund(RefundState.FAILED, 1000))
    failed = completed.record(Status.REFUND_FAILED, part)
    assert failed.payment
    assert failed.payment.money == Money(refunded=1000, refund_failed=3860)
    assert not completed.returning
    assert failed.returning
    assert failed.refund_unacknowledged
    assert not replace(failed, order=order(OrderStatus.REFUNDED)).refund_unacknowledged


@pytest.mark.parametrize("final", sorted(FINAL))
@pytest.mark.parametrize("later", Status)
def test_a_final_status_stays(sale: Sale, final: Status, later: Status) -> None:
    ended = sale.record(final, INTENT)
    assert ended.record(later, INTENT) is ended


def test_the_authorised_amount_is_recorded_not_the_requested(sale: Sale) -> None:
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
def test_an_intent_for_another_order_does_not_match(sale: Sale, other: Intent) -> None:
    assert sale.matches(INTENT)
    assert not sale.matches(other)


def test_an_order_may_be_paid_until_its_time_ends(sale: Sale) -> None:
    last = ORDER.expires_at - timedelta(milliseconds=1)
    assert sale.is_open(last)
    sale.check_open(last)
    assert not sale.is_open(ORDER.expires_at)
    with pytest.raises(Conflict, match=r"^The time ran out\. You were not charged\.$") as error:
        sale.check_open(ORDER.expires_at)
    assert error.value.code == "hold_expired"


@pytest.mark.parametrize("status", [each for each in OrderStatus if each is not OrderStatus.PENDING])
def test_an_order_that_is_not_pending_may_not_be_paid(sale: Sale, status: OrderStatus) -> None:
    over = replace(sale, order=order(status))
    assert not over.is_open(NOON)
    with pytest.raises(Conflict, match=status) as error:
        over.check_open(NOON)
    assert error.value.code == "order_not_pending"


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
        (OrderStatus.PENDING, Status.FAILED, False),
        (OrderStatus.CANCELLED, Status.FAILED, True),
        *((at, status, at is not OrderStatus.COMPLETED) for at in OrderStatus for status in sorted(RETURNED)),
    ],
)
def test_a_sale_is_settled_when_nothing_is_left_to_do(
    sale: Sale, at: OrderStatus, status: Status, settled: bool
) -> None:
    assert replace(sale, order=order(at)).record(status, INTENT).settled is settled


def test_an_unpaid_order_leaves_nothing_to_settle() -> None:
    assert Sale(order=ORDER).settled


def test_sweeps_are_each_minute_and_rarer_for_stuck_sales(sale: Sale) -> None:
    stuck = replace(sale, order=order(OrderStatus.EXPIRED))
    minute, hours = timedelta(minutes=1), timedelta(hours=2)
    held_until = sale.order.expires_at
    assert sale.next_sweep_at(held_until) == held_until + minute
    assert sale.next_sweep_at(held_until + hours) == held_until + 2 * hours
    assert stuck.next_sweep_at(NOON) == NOON + minute
    assert stuck.next_sweep_at(NOON + hours) == NOON + 2 * hours


def test_a_stuck_sale_is_swept_four_times_a_day_for_ever(sale: Sale) -> None:
    """However old: reads of Stripe are limited in number, and it must not be forgotten."""
    month = timedelta(days=30)
    assert sale.next_sweep_at(NOON + month) == NOON + month + timedelta(hours=6)


@pytest.mark.parametrize(
    ("at", "status", "unacknowledged"),
    [
        (OrderStatus.PENDING, Status.PENDING, False),
        (OrderStatus.PENDING, Status.AUTHORIZED, True),
        (OrderStatus.COMPLETED, Status.AUTHORIZED, False),
        (OrderStatus.EXPIRED, Status.AUTHORIZED, False),
        (OrderStatus.PENDING, Status.FAILED, True),
        (OrderStatus.COMPLETED, Status.FAILED, True),
        (OrderStatus.CANCELLED, Status.FAILED, False),
        (OrderStatus.COMPLETED, Status.REFUNDED, True),
        (OrderStatus.REFUNDED, Status.REFUNDED, False),
        (OrderStatus.COMPLETED, Status.CAPTURED, False),
    ],
)
def test_what_orders_has_not_acted_on_is_unacknowledged(
    sale: Sale, at: OrderStatus, status: Status, unacknowledged: bool
) -> None:
    recorded = replace(sale, order=order(at)).record(status, INTENT)
    assert recorded.unacknowledged is unacknowledged


def test_orders_has_a_minute_to_act(sale: Sale) -> None:
    authorised = sale.record(Status.AUTHORIZED, INTENT)
    published = replace(authorised, published_at=NOON)
    assert not published.is_answer_overdue(NOON + timedelta(seconds=59))
    assert published.is_answer_overdue(NOON + timedelta(seconds=60))
    assert authorised.is_answer_overdue(NOON)  # a row without an event
    completed = replace(published, order=order(OrderStatus.COMPLETED))
    assert not completed.is_answer_overdue(NOON + timedelta(days=1))


def test_a_secret_is_not_shown_with_its_intent() -> None:
    assert "canary" not in repr(INTENT)
