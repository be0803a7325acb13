"""What a stage lets sellers offer."""

from dataclasses import replace
from typing import Any

import pytest
from tickets.model import Delivery
from tickets.terms import MAX_FILE_QUANTITY, STANDARD, Terms
from tiketz_common.errors import BadRequest

from tests.factories import listing

TICKET = listing(price=4860)
FILED = replace(TICKET, delivery=Delivery.FILE)
CAPPED = Terms(max_markup_percent=20)
FILES = Terms(file_delivery=True)


def refusal(terms: Terms, *listings: Any) -> tuple[str, str | None]:
    """The code and the field of a refusal."""
    with pytest.raises(BadRequest) as error:
        terms.check(*listings)
    return error.value.code, error.value.field


def test_files_are_offered_where_a_stage_delivers_them() -> None:
    FILES.check(FILED)
    assert refusal(STANDARD, FILED) == ("file_delivery_off", "delivery")
    assert refusal(STANDARD, FILED, TICKET) == ("file_delivery_off", "delivery")


def test_what_is_offered_as_a_file_stays_so_when_the_stage_stops() -> None:
    STANDARD.check(replace(FILED, title="Marble Arcade 2"), FILED)


def test_a_file_listing_has_at_most_500_units() -> None:
    FILES.check(replace(FILED, quantity=MAX_FILE_QUANTITY))
    STANDARD.check(replace(TICKET, quantity=MAX_FILE_QUANTITY + 1))
    assert refusal(FILES, replace(FILED, quantity=MAX_FILE_QUANTITY + 1)) == ("quantity_too_high", "quantity")


def test_any_price_is_allowed_without_a_limit() -> None:
    STANDARD.check(replace(TICKET, face_value=1))
    STANDARD.check(TICKET)


def test_a_limit_needs_what_was_paid() -> None:
    assert refusal(CAPPED, TICKET) == ("face_value_missing", "faceValue")


def test_a_price_is_at_most_the_markup_above_what_was_paid() -> None:
    CAPPED.check(replace(TICKET, face_value=4050))
    assert refusal(CAPPED, replace(TICKET, face_value=4049)) == ("price_too_high", "price")
    with pytest.raises(BadRequest, match=r"48\.58 at most"):
        CAPPED.check(replace(TICKET, face_value=4049))


def test_a_limit_of_none_allows_what_was_paid() -> None:
    fair = Terms(max_markup_percent=0)
    fair.check(replace(TICKET, face_value=4860))
    assert refusal(fair, replace(TICKET, price=4861, face_value=4860)) == ("price_too_high", "price")


def test_an_old_price_stays_until_it_is_edited() -> None:
    CAPPED.check(replace(TICKET, title="Marble Arcade 2"), TICKET)
    assert refusal(CAPPED, replace(TICKET, price=5000), TICKET) == ("face_value_missing", "faceValue")
    assert refusal(CAPPED, replace(TICKET, face_value=1), TICKET) == ("price_too_high", "price")
