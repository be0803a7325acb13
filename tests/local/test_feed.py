"""Every event a service sends can be told in a few words."""

import pytest

from local.feed import gist
from tests.factories import EVENT_DATA


@pytest.mark.parametrize("name", EVENT_DATA)
def test_an_event_is_told_by_what_it_is_about_and_what_it_says(name: str) -> None:
    said = gist(EVENT_DATA[name]())
    assert said.split()[0] in ("t1", "o1", "ann")


def test_units_are_told_where_all_of_them_are_known() -> None:
    assert gist(EVENT_DATA["InventoryChanged"]()) == "t1 0 free, 1 held, 0 sold"
    assert gist(EVENT_DATA["TicketCreated"]()).startswith("t1 “Marble Arcade” × 1 €48.60 available")
