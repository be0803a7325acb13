"""What payments stores in its table, row by row, and which writes it refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from payments import events
from payments.intent import DisputeState, IntentStatus, Money, Refund, RefundState
from payments.model import Sale, Status
from payments.repository import SaleTable
from tiketz_common.retry import Contended
from tiketz_common.rows import pack

from tests.factories import MINUTE, NOON, intent, order_projection
from tests.fakes.dynamodb_faults import before_call
from tests.fakes.in_memory_tables import InMemoryTables

ORDER = order_projection()
INTENT = intent(IntentStatus.REQUIRES_CAPTURE)
CAPTURED = intent(IntentStatus.SUCCEEDED)
RECEIVED: dict[str, Any] = {
    "pk": "o1",
    "correlationId": "c1",
    "order": {
        "userId": "ann",
        "status": "pending",
        "total": 4860,
        "currency": "eur",
        "expiresAt": "2026-07-01T12:15:00.000Z",
        "version": 1,
        "delivery": "seller",
    },
    "revision": 1,
    "silent": True,
}
PREPARED = {
    "intentId": None,
    "status": "pending",
    "amount": 4860,
    "currency": "eur",
    "createdAt": "2026-07-01T12:00:00.000Z",
    "version": 0,
}
QUEUED = {"unsettled": "yes", "due": "2026-07-01T12:01:00.000Z"}


@pytest.fixture
def sales(memory: InMemoryTables) -> SaleTable:
    """A table without sales."""
    return SaleTable("payments")


@pytest.fixture
def received(sales: SaleTable) -> Sale:
    """Ann's order was received at noon."""
    return sales.save(Sale(order=ORDER, correlation_id="c1"), NOON)


@pytest.fixture
def prepared(sales: SaleTable, received: Sale) -> Sale:
    """Her payment is prepared."""
    return sales.save(received.prepare(NOON), NOON)


def row(memory: InMemoryTables, **changed: Any) -> bool:
    """Whether the one row is that of a received order, with these attributes changed."""
    return memory.rows("payments") == {"o1": {**RECEIVED, **changed}}


def test_a_new_order_is_stored_and_not_queued(
    memory: InMemoryTables, sales: SaleTable, received: Sale
) -> None:
    assert row(memory)
    assert received == Sale(order=ORDER, correlation_id="c1", revision=1)
    assert sales.find("o1") == received
    assert sales.find("o2") is None


def test_an_unsettled_sale_is_queued_and_keeps_its_place(
    memory: InMemoryTables, sales: SaleTable, prepared: Sale
) -> None:
    assert row(memory, payment=PREPARED, revision=2, **QUEUED)
    assert sales.find("o1") == prepared
    adopted = sales.save(prepared.attach_intent(INTENT), NOON + 5 * MINUTE)
    assert row(memory, payment={**PREPARED, "intentId": "pi_1", "version": 1}, revision=3, **QUEUED)
    assert sales.find("o1") == adopted


def test_a_settled_sale_leaves_the_queue_with_its_event(
    memory: InMemoryTables, sales: SaleTable, prepared: Sale
) -> None:
    voided = prepared.attach_intent(INTENT).record(Status.VOIDED, INTENT)
    saved = sales.save(voided, NOON + 2 * MINUTE, events.of(voided))
    payment = {**PREPARED, "intentId": "pi_1", "status": "voided", "version": 2}
    event = {
        "id": ANY,
        "type": "PaymentVoided",
        "time": "2026-07-01T12:02:00.000Z",
        "source": "tiketz.payments",
        "detail": ANY,
    }
    published = {name: value for name, value in RECEIVED.items() if name != "silent"}
    assert memory.rows("payments") == {"o1": {**published, "payment": payment, "revision": 3, "event": event}}
    assert saved == replace(voided, revision=3, published_at=NOON + 2 * MINUTE)
    assert sales.find("o1") == saved
    sales.save(replace(saved, order=replace(ORDER, version=2)), NOON + 3 * MINUTE)
    order = {**RECEIVED["order"], "version": 2}
    assert row(memory, payment=payment, revision=4, event=event, order=order)


@pytest.fixture
def captured_sale(sales: SaleTable, prepared: Sale) -> Sale:
    """Ann has paid, and the order completed."""
    captured = prepared.attach_intent(INTENT).record(Status.CAPTURED, CAPTURED)
    return sales.save(captured, NOON, events.of(captured))


def test_money_is_an_attribute_of_the_row(
    memory: InMemoryTables, sales: SaleTable, captured_sale: Sale
) -> None:
    assert "money" not in memory.rows("payments")["o1"]
    half = Refund(id="re_1", amount=2430, state=RefundState.SUCCEEDED)
    saved = sales.save(captured_sale.record(None, replace(CAPTURED, refunds=(half,))), NOON)
    row = memory.rows("payments")["o1"]
    assert row["money"] == {"refunded": 2430, "lost": 0, "disputed": None, "refundFailed": 0}
    assert "money" not in row["payment"]
    assert sales.find("o1") == saved
    sales.save(saved.record(None, CAPTURED), NOON)
    assert "money" not in memory.rows("payments")["o1"]


def test_a_failed_refund_is_stored_as_older_versions_know_it(
    memory: InMemoryTables, sales: SaleTable, captured_sale: Sale
) -> None:
    failed = Refund(id="re_1", amount=4860, state=RefundState.FAILED)
    sale = captured_sale.record(Status.REFUND_FAILED, replace(CAPTURED, refunds=(failed,)))
    saved = sales.save(sale, NOON, events.of(sale))
    row = memory.rows("payments")["o1"]
    assert (row["payment"]["status"], row["money"]["refundFailed"]) == ("refunded", 4860)
    assert '"status":"refund_failed"' in row["event"]["detail"]
    assert sales.find("o1") == saved
    assert saved.payment
    assert saved.payment.status is Status.REFUND_FAILED


def test_a_row_of_an_older_version_has_no_money(memory: InMemoryTables, sales: SaleTable) -> None:
    refunded = {**PREPARED, "intentId": "pi_1", "status": "refunded", "version": 4}
    memory.call("PutItem", {"TableName": "payments", "Item": pack({**RECEIVED, "payment": refunded})})
    sale = sales.find("o1")
    assert sale
    assert sale.payment
    assert (sale.payment.status, sale.payment.money) == (Status.REFUNDED, Money())


def test_a_dispute_is_read_as_it_was_stored(sales: SaleTable, captured_sale: Sale) -> None:
    assert captured_sale.payment
    money = Money(lost=4860, disputed=DisputeState.LOST)
    lost = replace(captured_sale, payment=replace(captured_sale.payment, money=money))
    assert sales.save(lost, NOON) == sales.find("o1")


def test_a_stale_sale_is_contended(memory: InMemoryTables, sales: SaleTable, prepared: Sale) -> None:
    before = memory.rows("payments")
    older = replace(prepared, revision=1)
    with pytest.raises(Contended):
        sales.save(older, NOON)
    with pytest.raises(Contended):
        sales.save(Sale(order=ORDER), NOON)
    assert memory.rows("payments") == before


def test_one_of_two_concurrent_inserts_is_contended(sales: SaleTable) -> None:
    sale = Sale(order=ORDER)
    with before_call("UpdateItem", lambda: sales.save(sale, NOON)), pytest.raises(Contended):
        sales.save(sale, NOON)


@pytest.fixture
def three(sales: SaleTable) -> list[str]:
    """Three unsettled sales, created a minute apart from noon."""
    ids = ["o1", "o2", "o3"]
    for number, order_id in enumerate(ids):
        began = NOON + number * MINUTE
        sales.save(Sale(order=replace(ORDER, id=order_id)).prepare(began), began)
    return ids


def test_the_longest_due_are_swept_first(sales: SaleTable, three: list[str]) -> None:
    assert sales.due(NOON + MINUTE - timedelta(milliseconds=1), 10) == []
    assert sales.due(NOON + MINUTE, 10) == ["o1"]
    assert sales.due(NOON + 9 * MINUTE, 10) == three
    assert sales.due(NOON + 9 * MINUTE, 2) == three[:2]


def test_a_swept_sale_goes_to_the_end(memory: InMemoryTables, sales: SaleTable, three: list[str]) -> None:
    first = sales.find("o1")
    assert first
    sales.postpone_sweep(first, NOON + 9 * MINUTE)
    assert sales.due(NOON + 99 * MINUTE, 10) == ["o2", "o3", "o1"]
    assert memory.rows("payments")["o1"]["due"] == "2026-07-01T12:10:00.000Z"
    assert sales.find("o1") == first  # a change that was read before can still be stored


def test_a_sale_settled_meanwhile_is_not_queued_again(
    memory: InMemoryTables, sales: SaleTable, prepared: Sale
) -> None:
    sales.save(prepared.attach_intent(INTENT).record(Status.VOIDED, INTENT), NOON)
    sales.postpone_sweep(prepared, NOON + 9 * MINUTE)
    assert "due" not in memory.rows("payments")["o1"]


def test_every_read_is_consistent(memory: InMemoryTables, sales: SaleTable, received: Sale) -> None:
    sales.find("o1")
    [params] = [params for operation, params in memory.calls if operation == "GetItem"]
    assert params["ConsistentRead"] is True
