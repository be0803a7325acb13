"""What expiration remembers of orders that are over."""

from datetime import timedelta

from expiration.repository import EndedOrders

from tests.factories import NOON
from tests.fakes.in_memory_tables import InMemoryTables


def test_an_order_that_is_over_is_remembered_for_a_day(memory: InMemoryTables) -> None:
    ended = EndedOrders("expiration")
    assert not ended.has("o1")
    ended.add("o1", NOON)
    assert ended.has("o1")
    assert not ended.has("o2")
    tomorrow = int((NOON + timedelta(days=1)).timestamp())
    assert memory.rows("expiration") == {"o1": {"pk": "o1", "forgetAt": tomorrow}}


def test_it_is_read_as_it_was_written_last(memory: InMemoryTables) -> None:
    EndedOrders("expiration").has("o1")
    [(_, asked)] = memory.calls
    assert asked["ConsistentRead"] is True
