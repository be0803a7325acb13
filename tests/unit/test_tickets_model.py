"""The rules of tickets."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic.alias_generators import to_snake
from tickets.model import Delivery, Files, Inventory, State, Status, Ticket
from tiketz_common.errors import BadRequest, Conflict, Forbidden

from tests.factories import NOON

TOMORROW = NOON + timedelta(days=1)
FACTS: dict[str, Any] = {
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 3,
    "starts_at": TOMORROW,
    "venue": None,
    "city": None,
    "category": None,
    "description": None,
}
TICKET = Ticket.create("t1", "maren", FACTS, NOON)


def stocked(held: int = 0, sold: int = 0, version: int = 1) -> Ticket:
    """Maren's three tickets, some of them taken."""
    return TICKET.with_inventory(Inventory(held=held, sold=sold, version=version))


def test_a_created_listing_is_all_available() -> None:
    listed = Ticket.create("t1", "maren", FACTS, NOON)
    assert (listed.id, listed.seller_id, listed.state, listed.version) == ("t1", "maren", State.LISTED, 1)
    assert (listed.available, listed.status, listed.inventory) == (3, Status.AVAILABLE, Inventory())


def test_a_listing_is_dated_to_the_millisecond() -> None:
    assert Ticket.create("t1", "maren", FACTS, NOON.replace(microsecond=987_654)).created_at == NOON.replace(
        microsecond=987_000
    )


@pytest.mark.parametrize(
    ("held", "sold", "available", "status"),
    [
        (0, 0, 3, Status.AVAILABLE),
        (2, 0, 1, Status.AVAILABLE),
        (1, 1, 1, Status.AVAILABLE),
        (3, 0, 0, Status.RESERVED),
        (1, 2, 0, Status.RESERVED),
        (0, 3, 0, Status.SOLD),
        (2, 3, 0, Status.SOLD),
        (9, 0, 0, Status.RESERVED),
    ],
)
def test_a_status_is_the_first_that_fits(held: int, sold: int, available: int, status: Status) -> None:
    ticket = stocked(held, sold)
    assert (ticket.available, ticket.status) == (available, status)
    assert replace(ticket, state=State.WITHDRAWN).status is Status.WITHDRAWN


def test_it_is_on_sale_until_its_event_starts() -> None:
    assert TICKET.on_sale(TOMORROW - timedelta(milliseconds=1))
    assert not TICKET.on_sale(TOMORROW)
    assert replace(TICKET, starts_at=None).on_sale(TOMORROW)
    assert not stocked(held=3).on_sale(NOON)
    assert not TICKET.withdrawn().on_sale(NOON)


def test_only_the_seller_passes() -> None:
    TICKET.check_seller("maren")
    with pytest.raises(Forbidden, match=r"^Only its seller can change a listing\.$"):
        TICKET.check_seller("ben")


def test_a_started_event_is_not_listed() -> None:
    with pytest.raises(BadRequest, match=r"^Choose a time in the future\.$") as refusal:
        Ticket.create("t1", "maren", {**FACTS, "starts_at": NOON}, NOON)
    assert refusal.value.code == "starts_in_past"
    assert refusal.value.field == "startsAt"


def test_only_an_edit_changes_the_version() -> None:
    edited = TICKET.edited({"price": 5000, "venue": "Halcyon Hall"}, NOON)
    assert edited == replace(TICKET, price=5000, venue="Halcyon Hall", version=2)
    assert edited.edited({"price": 5000}, NOON) is edited
    assert stocked(held=1).version == 1


def test_an_edit_keeps_the_quantity_above_what_is_taken() -> None:
    assert stocked(held=1, sold=1).edited({"quantity": 2}, NOON).available == 0
    with pytest.raises(
        Conflict, match=r"^2 are reserved or sold already; the quantity can't be less"
    ) as refusal:
        stocked(held=1, sold=1).edited({"quantity": 1}, NOON)
    assert (refusal.value.code, refusal.value.field) == ("quantity_below_taken", "quantity")


@pytest.mark.parametrize("ticket", [stocked(held=3), stocked(sold=3), stocked(held=9)])
def test_a_fully_taken_listing_is_not_edited(ticket: Ticket) -> None:
    taken = r"^Every unit is reserved or sold, so this listing can't change now\.$"
    with pytest.raises(Conflict, match=taken) as refusal:
        ticket.edited({"quantity": 9}, NOON)
    assert refusal.value.code == "listing_fully_taken"


@pytest.mark.parametrize("ticket", [stocked(held=1), stocked(sold=1)])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Pub quiz"),
        ("startsAt", TOMORROW + timedelta(days=1)),
        ("startsAt", None),
        ("venue", "Elsewhere"),
        ("city", "Utrecht"),
        ("currency", "usd"),
    ],
)
def test_what_a_buyer_chose_a_ticket_by_stays_while_it_is_taken(
    ticket: Ticket, field: str, value: object
) -> None:
    change = {to_snake(field): value}
    with pytest.raises(
        Conflict, match=r"^This can't change while some of it is reserved or sold\.$"
    ) as refusal:
        ticket.edited({**change, "price": 5000}, NOON)
    assert (refusal.value.code, refusal.value.field) == ("listing_has_taken_units", field)
    assert TICKET.edited(change, NOON).version == 2


def test_the_rest_changes_while_a_unit_is_available() -> None:
    ticket = stocked(held=1, sold=1)
    same = {name: getattr(ticket, name) for name in ("title", "starts_at", "venue", "city", "currency")}
    assert ticket.edited(same, NOON) is ticket
    changed: dict[str, Any] = {"price": 5000, "quantity": 4, "category": "Comedy", "description": "Row 5"}
    assert ticket.edited({**same, **changed}, NOON) == replace(ticket, **changed, version=2)


def test_a_withdrawn_listing_is_not_edited() -> None:
    with pytest.raises(Conflict, match=r"^This listing was withdrawn\.$") as refusal:
        TICKET.withdrawn().edited({"quantity": 9}, NOON)
    assert refusal.value.code == "listing_withdrawn"


def test_a_date_that_passed_may_stay_but_not_be_chosen() -> None:
    late = TOMORROW + timedelta(days=1)
    assert TICKET.edited({"price": 5000, "starts_at": TOMORROW}, late).version == 2
    assert TICKET.edited({"starts_at": None}, late).version == 2
    with pytest.raises(BadRequest):
        TICKET.edited({"starts_at": TOMORROW + timedelta(hours=1)}, late)


def test_a_listing_is_withdrawn_while_no_unit_is_taken() -> None:
    withdrawn = TICKET.withdrawn()
    assert (withdrawn.state, withdrawn.version) == (State.WITHDRAWN, 2)
    assert withdrawn.withdrawn() is withdrawn
    taken = r"^Some of it is reserved or sold, so this listing can't be withdrawn now\.$"
    for ticket in (stocked(held=1), stocked(sold=1)):
        with pytest.raises(Conflict, match=taken) as refusal:
            ticket.withdrawn()
        assert refusal.value.code == "listing_has_taken_units"


def test_an_older_inventory_changes_nothing() -> None:
    ticket = stocked(held=2, version=5)
    for version in (0, 4, 5):
        assert ticket.with_inventory(Inventory(version=version)) is ticket
    assert ticket.with_inventory(Inventory(version=6)).available == 3


def test_a_time_zone_may_be_added_while_units_are_taken_but_not_changed() -> None:
    taken = stocked(held=1)
    zoned = taken.edited({"time_zone": "Europe/Amsterdam"}, NOON)
    assert zoned.time_zone == "Europe/Amsterdam"
    with pytest.raises(Conflict) as refused:
        zoned.edited({"time_zone": "Asia/Tokyo"}, NOON)
    assert refused.value.field == "timeZone"


def test_an_event_starts_within_ten_years() -> None:
    last = NOON + timedelta(days=3_653)
    assert Ticket.create("t1", "maren", {**FACTS, "starts_at": last}, NOON).starts_at == last
    with pytest.raises(BadRequest, match="ten years"):
        Ticket.create("t1", "maren", {**FACTS, "starts_at": last + timedelta(seconds=1)}, NOON)


FILED = replace(TICKET, delivery=Delivery.FILE)  # three units


def with_files(units: int, version: int = 1, ticket: Ticket = FILED) -> Ticket:
    return ticket.with_files(Files(units=units, version=version))


def test_a_file_listing_is_a_draft_until_it_has_a_file_for_each_unit() -> None:
    assert (FILED.status, FILED.on_sale(NOON)) == (Status.DRAFT, False)
    assert (with_files(2).status, with_files(3).status) == (Status.DRAFT, Status.AVAILABLE)
    assert with_files(4).on_sale(NOON)


def test_its_version_grows_where_it_becomes_a_draft_or_none() -> None:
    assert with_files(2).version == 1
    complete = with_files(3)
    assert complete.version == 2
    assert with_files(4, 2, complete).version == 2
    assert with_files(2, 3, complete).version == 3


def test_older_files_change_nothing() -> None:
    complete = with_files(3, 2)
    assert with_files(0, 1, complete) is complete
    assert with_files(0, 2, complete) is complete


def test_more_units_than_files_make_it_a_draft_again() -> None:
    more = with_files(3).edited({"quantity": 4}, NOON)
    assert (more.status, more.version) == (Status.DRAFT, 3)


def test_a_withdrawn_listing_is_no_draft() -> None:
    withdrawn = FILED.withdrawn()
    assert (withdrawn.status, with_files(3, ticket=withdrawn).version) == (Status.WITHDRAWN, 2)


def test_a_sold_file_listing_is_sold() -> None:
    complete = with_files(3)
    assert replace(complete, inventory=Inventory(sold=3, version=1)).status is Status.SOLD


def test_files_do_not_matter_where_the_seller_hands_it_over() -> None:
    assert with_files(0, ticket=TICKET).status is Status.AVAILABLE


def test_how_it_is_handed_over_stays_while_it_is_taken() -> None:
    with pytest.raises(Conflict) as refusal:
        stocked(held=1).edited({"delivery": Delivery.FILE}, NOON)
    assert refusal.value.field == "delivery"
