"""What expiration stores of ended orders."""

from datetime import timedelta

from expiration.repository import EndedOrders

from tests.factories import NOON
from tests.fakes.in_memory_tables import InMemoryTables


def test_an_ended_order_is_stored_for_a_day(memory: InMemoryTables) -> None:
    ended = EndedOrders("expiration")
    assert not ended.has("o1")
    ended.add("o1", NOON)
    assert ended.has("o1")
    assert not ended.has("o2")
    tomorrow = int((NOON + timedelta(days=1)).timestamp())
    assert memory.rows("expiration") == {"o1": {"pk": "o1", "forgetAt": tomorrow}}


def test_ended_orders_are_read_consistently(memory: InMemoryTables) -> None:
    EndedOrders("expiration").has("o1")
    [(_, params)] = memory.calls
    assert params["ConsistentRead"] is True
