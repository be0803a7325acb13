"""The ledger's rows and alarms."""

import json

from local.stripe.ledger import Ledger
from tests.stripe.clock import Clock


def ledger(clock: Clock) -> Ledger:
    return Ledger(clock, lambda prefix: f"{prefix}1", "https://hooks.stripe.com/3ds", None)


def test_a_later_alarm_replaces_an_earlier_one(clock: Clock) -> None:
    book = ledger(clock)
    book.set_alarm("pi_1", clock.now + 10, "expire")
    book.set_alarm("pi_1", clock.now + 20, "expire")
    clock.advance(10)
    assert book.next_alarm() is None
    clock.advance(10)
    assert (book.next_alarm() or {})["at"] == clock.now
    assert book.next_alarm() is None


def test_alarms_go_off_in_order_after_a_restart(clock: Clock) -> None:
    book, again = ledger(clock), ledger(clock)
    for intent_id, after in (("pi_1", 30), ("pi_2", 10), ("pi_3", 20)):
        book.set_alarm(intent_id, clock.now + after, "expire")
    again.load(json.loads(json.dumps(book.to_json())))
    clock.advance(30)
    assert [(again.next_alarm() or {})["id"] for _ in range(3)] == ["pi_2", "pi_3", "pi_1"]


def test_a_change_leaves_earlier_copies_of_a_row_as_they_are(clock: Clock) -> None:
    book = ledger(clock)
    row = book.put("payment_intent", {"id": "pi_1", "status": "requires_capture"})
    book.put("payment_intent", row | {"status": "succeeded"})
    assert row["status"] == "requires_capture"
    assert book.get("payment_intent", "pi_1")["status"] == "succeeded"
    assert list(book.changed) == [("payment_intent", "pi_1")]
