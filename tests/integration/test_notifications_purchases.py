"""Mails about purchases: which are sent to whom, once, and which never."""

from collections.abc import Callable

import pytest

from tests.factories import money_data, order_data
from tests.fakes.aws_errors import AwsError
from tests.support.handlers import sqs_record
from tests.support.notifications_service import SENDER, NotificationsService

RECEIPT = ("ann@tiketz.test", "Your ticket: Marble Arcade")
SOLD = ("maren@tiketz.test", "Sold: Marble Arcade")
UNDONE = ("maren@tiketz.test", "Sale undone: Marble Arcade")
NOT_CHARGED = ("ann@tiketz.test", "You were not charged: Marble Arcade")
REFUNDED = ("ann@tiketz.test", "Refunded: Marble Arcade")
TWO_DAYS_AGO = "2026-06-29T11:59:59.000Z"


def test_a_completed_order_sends_a_receipt_and_tells_its_seller(notifications: NotificationsService) -> None:
    assert notifications.completed()
    assert notifications.mails() == [RECEIPT, SOLD]
    assert notifications.states() == {"receipt#o1#buyer": "sent", "sold#o1#seller": "sent"}
    assert notifications.mail("ann").sender == SENDER


def test_no_repeat_sends_a_second_mail(notifications: NotificationsService) -> None:
    for _ in range(3):
        assert notifications.completed()
    assert notifications.mails() == [RECEIPT, SOLD]


@pytest.mark.parametrize("late", [False, True])
def test_an_expired_order_reports_no_charge_once_it_is_voided(
    notifications: NotificationsService, late: bool
) -> None:
    def expire() -> bool:
        return notifications.order("OrderExpired", status="expired", reason="hold", version=2)

    def void() -> bool:
        return notifications.payment("PaymentVoided")

    first, second = (void, expire) if late else (expire, void)
    assert first()
    assert notifications.mails() == []
    assert second()
    assert second()
    assert notifications.mails() == [NOT_CHARGED]
    assert "The time to pay ran out." in notifications.mail("ann").text


def test_an_order_that_ends_before_a_payment_begins_sends_nothing(
    notifications: NotificationsService,
) -> None:
    assert notifications.order("OrderCancelled", status="cancelled", reason="buyer", version=2)
    assert notifications.mails() == []
    assert notifications.states() == {}


@pytest.mark.parametrize("order_first", [True, False])
def test_a_refund_is_told_to_both(notifications: NotificationsService, order_first: bool) -> None:
    assert notifications.completed()
    notifications.ses.mails.clear()
    events: list[Callable[[], bool]] = [
        lambda: notifications.order("OrderRefunded", status="refunded", reason="refund", version=3),
        lambda: notifications.payment("PaymentRefunded", version=3),
    ]
    for event in events if order_first else reversed(events):
        assert event()
        assert event()
    assert sorted(notifications.mails()) == sorted([REFUNDED, UNDONE])
    assert "€48.60 goes back to you" in notifications.mail("ann").text


def test_a_refund_that_fails_and_succeeds_is_told_each_time(notifications: NotificationsService) -> None:
    owed, returned = money_data(refundFailed=4860), money_data(refunded=4860)
    assert notifications.order("OrderRefunded", status="refunded", reason="refund", version=3)
    for version, (kind, status, has) in enumerate(
        [
            ("PaymentRefunded", "refunded", returned),
            ("PaymentRefundFailed", "refund_failed", owed),
            ("PaymentRefunded", "refunded", returned),
        ],
        start=3,
    ):
        for _ in range(2):
            assert notifications.payment(kind, status=status, version=version, money=has)
    assert [subject for to, subject in notifications.mails() if to == "ann@tiketz.test"] == [
        "Refunded: Marble Arcade",
        "Your refund came back: Marble Arcade",
        "Refunded, after all: Marble Arcade",
    ]


def test_what_a_dispute_took_is_no_refund(notifications: NotificationsService) -> None:
    assert notifications.order("OrderRefunded", status="refunded", reason="refund", version=3)
    assert notifications.payment("PaymentRefunded", version=3, money=money_data(lost=4860, disputed="lost"))
    assert notifications.mails() == [UNDONE]


def test_a_sale_whose_money_never_came_is_undone(notifications: NotificationsService) -> None:
    assert notifications.completed()
    notifications.ses.mails.clear()
    assert notifications.payment("PaymentFailed")
    assert notifications.order("OrderCancelled", status="cancelled", reason="payment", version=3)
    assert sorted(notifications.mails()) == sorted([NOT_CHARGED, UNDONE])
    assert "the receipt is void" in notifications.mail("ann").text


def test_an_order_completed_and_refunded_out_of_order_sends_no_receipt(
    notifications: NotificationsService,
) -> None:
    assert notifications.order("OrderRefunded", status="refunded", reason="refund", version=3)
    assert notifications.completed()
    assert notifications.mails() == [UNDONE]
    assert notifications.row("ORDER#o1")["order"]["status"] == "refunded"


def test_a_receipt_that_waited_until_the_refund_is_suppressed(notifications: NotificationsService) -> None:
    notifications.ses.errors.append(AwsError("TooManyRequestsException"))
    assert not notifications.completed()
    assert notifications.order("OrderRefunded", status="refunded", reason="refund", version=3)
    assert notifications.states() == {
        "receipt#o1#buyer": "suppressed superseded",
        "sold#o1#seller": "suppressed superseded",
        "sale_undone#o1#seller": "sent",
    }


def test_history_is_not_mailed(notifications: NotificationsService) -> None:
    assert notifications.completed(occurred_at=TWO_DAYS_AGO)
    assert notifications.mails() == []
    assert notifications.states() == {
        "receipt#o1#buyer": "suppressed too_old",
        "sold#o1#seller": "suppressed too_old",
    }


def test_a_stage_without_a_sender_sends_nothing(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = NotificationsService(monkeypatch, sender="")
    assert silent.completed()
    assert (silent.mails(), silent.directory.questions) == ([], [])
    assert set(silent.states().values()) == {"suppressed no_sender"}


def test_a_user_without_an_account_gets_nothing(notifications: NotificationsService) -> None:
    del notifications.addresses["ann"]
    assert notifications.completed()
    assert notifications.mails() == [SOLD]
    assert notifications.states()["receipt#o1#buyer"] == "suppressed no_recipient"


def test_an_early_order_does_not_say_its_seller(notifications: NotificationsService) -> None:
    data = {**order_data(status="completed", version=2)}
    del data["sellerId"]
    assert notifications.consume(sqs_record("OrderCompleted", data)) == []
    assert notifications.mails() == [RECEIPT]
    assert notifications.states()["sold#o1#seller"] == "suppressed no_recipient"


@pytest.mark.parametrize(
    "code", ["TooManyRequestsException", "SendingPausedException", "LimitExceededException"]
)
def test_a_mail_that_ses_does_not_take_now_is_sent_later(
    notifications: NotificationsService, code: str
) -> None:
    notifications.ses.errors.append(AwsError(code))
    assert not notifications.completed()
    assert notifications.states() == {"receipt#o1#buyer": "due"}
    assert notifications.completed()
    assert notifications.mails() == [RECEIPT, SOLD]


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_mail_that_ses_refuses_is_suppressed(notifications: NotificationsService, code: str) -> None:
    notifications.ses.errors.append(AwsError(code, "Email address is not verified: ann@tiketz.test"))
    assert notifications.completed()
    assert notifications.states()["receipt#o1#buyer"] == "suppressed refused"
    assert notifications.mails() == [SOLD]


def test_a_directory_that_fails_is_asked_again(notifications: NotificationsService) -> None:
    def fail(question: dict[str, str]) -> None:
        raise LookupError

    answer, notifications.directory.answer = notifications.directory.answer, fail
    assert not notifications.completed()
    notifications.directory.answer = answer
    assert notifications.completed()
    assert notifications.mails() == [RECEIPT, SOLD]
