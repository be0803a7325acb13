"""Every event a service sends can be told in a few words."""

import pytest

from local.feed import gist
from tests.support.samples import EVENTS


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_told_by_what_it_is_about_and_what_it_says(name: str) -> None:
    said = gist(EVENTS[name]())
    assert said.split()[0] in ("t1", "o1", "ann")


def test_units_are_told_where_all_of_them_are_known() -> None:
    assert gist(EVENTS["InventoryChanged"]()) == "t1 0 free, 1 held, 0 sold"
    assert gist(EVENTS["TicketCreated"]()).startswith("t1 “Marble Arcade” × 1 €48.60 available")
