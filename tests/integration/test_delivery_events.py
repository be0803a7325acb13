"""What delivery publishes."""

import pytest
from delivery.events import DeliveryFailed, TicketsDelivered, UnitsChanged, UnitsReturned
from tiketz_common.events import Event

from tests.factories import EVENT_DATA


@pytest.mark.parametrize("event", [TicketsDelivered, DeliveryFailed, UnitsReturned, UnitsChanged])
def test_an_event_carries_its_whole_row_with_a_version(event: type[Event]) -> None:
    data = EVENT_DATA[event.__name__]()
    assert event.model_validate(data).model_dump(by_alias=True) == data
    assert event.source == "tiketz.delivery"
    assert {"ticketId", "units", "version"} <= data.keys()
