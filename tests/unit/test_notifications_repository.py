"""What notifications stores, and who may send a mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from notifications.model import Mail, Payment, Purchase, Reason, Role, Template
from notifications.repository import MailTaken, NotificationTable
from tiketz_common.retry import Contended

from tests.factories import NOON
from tests.fakes.in_memory_tables import InMemoryTables

MAIL = Mail(template=Template.RECEIPT, subject_id="o1", role=Role.BUYER, changed_at=NOON)
ROW = "MAIL#receipt#o1#buyer"
MINUTE = timedelta(seconds=61)


@pytest.fixture
def table(memory: InMemoryTables) -> NotificationTable:
    """A table without rows."""
    return NotificationTable("notifications")


def test_a_mail_that_is_taken_is_due_for_forty_days(table: NotificationTable, memory: InMemoryTables) -> None:
    assert table.take(MAIL, NOON)
    row = memory.rows("notifications")[ROW]
    assert (row["state"], row["takenUntil"]) == ("due", int((NOON + MINUTE).timestamp()))
    assert row["forgetAt"] == int((NOON + timedelta(days=40)).timestamp())


def test_a_taken_mail_is_free_after_a_minute(table: NotificationTable) -> None:
    table.take(MAIL, NOON)
    with pytest.raises(MailTaken):
        table.take(MAIL, NOON + timedelta(seconds=60))
    assert table.take(MAIL, NOON + MINUTE)


def test_a_mail_that_is_given_back_is_free_at_once(table: NotificationTable) -> None:
    table.take(MAIL, NOON)
    table.give_back(MAIL)
    assert table.take(MAIL, NOON)


def test_a_sent_or_suppressed_mail_is_never_taken(table: NotificationTable, memory: InMemoryTables) -> None:
    table.take(MAIL, NOON)
    table.mark_sent(MAIL)
    assert not table.take(MAIL, NOON + MINUTE)
    other = replace(MAIL, role=Role.SELLER)
    table.take(other, NOON)
    table.suppress(other, Reason.TOO_OLD)
    assert not table.take(other, NOON + MINUTE)
    assert memory.rows("notifications")["MAIL#receipt#o1#seller"]["reason"] == "too_old"


def test_a_repeated_call_of_the_sdk_takes_a_mail_once(
    table: NotificationTable, memory: InMemoryTables
) -> None:
    table.take(MAIL, NOON)
    repeated = memory.calls[-1]
    assert memory.call(*repeated) == {}


def test_a_purchase_is_stored_as_it_is_read(table: NotificationTable, memory: InMemoryTables) -> None:
    purchase = Purchase(order_id="o1").with_payment(Payment(status="voided", version=2, changed_at=NOON))
    table.save(purchase, NOON)
    assert table.purchase("o1") == replace(purchase, revision=1)
    assert table.purchase("o2") == Purchase(order_id="o2")
    assert memory.rows("notifications")["ORDER#o1"]["payment"]["changedAt"] == "2026-07-01T12:00:00.000Z"


def test_a_purchase_is_not_stored_over_concurrent_changes(table: NotificationTable) -> None:
    read = table.purchase("o1")
    table.save(read.with_payment(Payment(status="voided", version=2, changed_at=NOON)), NOON)
    with pytest.raises(Contended):
        table.save(read.with_payment(Payment(status="failed", version=1, changed_at=NOON)), NOON)
