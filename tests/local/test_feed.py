"""The feed keeps every event, with a summary in a few words."""

import json

import pytest
import requests

from local.feed import summarize
from tests.factories import EVENT_DATA
from tests.support.users import User, eventually


@pytest.mark.parametrize("name", EVENT_DATA)
def test_an_events_summary_begins_with_what_it_is_about(name: str) -> None:
    assert summarize(EVENT_DATA[name]()).split()[0] in ("t1", "o1", "ann", "r1")


def test_a_summary_has_units_where_all_of_them_are_known() -> None:
    assert summarize(EVENT_DATA["InventoryChanged"]()) == "t1 0 free, 1 held, 0 sold"
    assert summarize(EVENT_DATA["TicketCreated"]()).startswith("t1 “Marble Arcade” × 1 €48.60 available")


def test_events_are_listed_and_followed(seller: User) -> None:
    hostile = 'a <time> "<detail>" <source>'
    ticket = seller.list_ticket(title=hostile)

    def created() -> list[dict[str, object]]:
        events = seller.send("GET", "/_local/events?name=TicketCreated").json()
        own = [each for each in events if each["detail"]["data"]["id"] == ticket["id"]]
        assert own
        return own

    [event] = eventually(created)
    assert event["service"] == "tickets"
    assert hostile in str(event["summary"])
    after = int(str(event["number"])) - 1
    url = f"{seller.url}/_local/events/live?after={after}"
    with requests.get(url, stream=True, timeout=30) as live:
        lines = (line.decode() for line in live.iter_lines(chunk_size=1))
        first = next(line for line in lines if line.startswith("data: "))
    assert json.loads(first.removeprefix("data: "))["number"] == event["number"]
