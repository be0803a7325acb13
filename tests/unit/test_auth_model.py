"""The rules of accounts and sessions."""

from datetime import timedelta

import pytest
from auth.model import Family, User, normalize_new_password, normalize_password

from tests.factories import NOON

SECOND = timedelta(seconds=1)
ADA = User("u", "ada@tiketz.test", epoch=3)


def test_a_password_counts_code_points_in_one_normal_form() -> None:
    assert normalize_new_password("e\u0301" * 8) == "\u00e9" * 8
    with pytest.raises(ValueError, match="At least 8"):
        normalize_new_password("e\u0301" * 7)


def test_a_password_keeps_its_spaces_and_capitals() -> None:
    assert normalize_new_password(" Pass Word ") == " Pass Word "


def test_a_password_has_8_to_128_characters() -> None:
    assert normalize_new_password("p" * 8) == "p" * 8
    assert normalize_new_password("p" * 128) == "p" * 128
    with pytest.raises(ValueError, match="At most 128"):
        normalize_new_password("p" * 129)


@pytest.mark.parametrize("blank", [" " * 8, "\t" * 9, "\u3000" * 8])
def test_a_password_of_spaces_is_refused(blank: str) -> None:
    with pytest.raises(ValueError, match=r"^Not only spaces, please\.$"):
        normalize_new_password(blank)


def test_a_short_password_may_be_tried_when_signing_in() -> None:
    assert normalize_password("x") == "x"
    with pytest.raises(ValueError, match=r"^This is needed\.$"):
        normalize_password("")


@pytest.fixture
def family() -> Family:
    """A family at noon whose first token was just used."""
    return Family.create("f", ADA, "first", NOON).rotate("second", NOON)


def test_a_sign_in_creates_a_family() -> None:
    month = timedelta(days=30)
    begun = Family(
        id="f",
        user_id="u",
        current="first",
        expires_at=NOON + month,
        epoch=3,
        created_at=NOON,
        device="Firefox on Mac",
    )
    assert Family.create("f", ADA, "first", NOON, "Firefox on Mac") == begun
    assert begun.last_used_at == NOON
    assert begun.rotate("second", NOON + SECOND).last_used_at == NOON + SECOND


@pytest.mark.parametrize(
    ("user", "after", "theirs"),
    [
        (ADA, timedelta(days=29), True),
        (ADA, timedelta(days=30), False),
        (User("eve", "eve@tiketz.test", epoch=3), timedelta(), False),
        (User("u", "ada@tiketz.test", epoch=4), timedelta(), False),
    ],
)
def test_a_family_belongs_to_its_user_in_its_epoch(user: User, after: timedelta, theirs: bool) -> None:
    assert Family.create("f", ADA, "first", NOON).belongs_to(user, NOON + after) == theirs


def test_a_family_accepts_its_current_token_and_a_spent_one(family: Family) -> None:
    assert [family.accepts(each, NOON + 10 * SECOND) for each in ("second", "first", "other")] == [
        True,
        True,
        False,
    ]
    assert not family.accepts("first", NOON + 11 * SECOND)


def test_a_spent_token_is_accepted_for_ten_seconds(family: Family) -> None:
    assert family.forgives("first", NOON + 10 * SECOND)
    assert not family.forgives("first", NOON + 10 * SECOND + SECOND / 1000)


def test_only_spent_tokens_have_a_grace_period(family: Family) -> None:
    assert not family.forgives("second", NOON)
    assert not family.forgives("another", NOON)


def test_a_family_keeps_its_latest_ten_spent_tokens(family: Family) -> None:
    for number in range(10):
        family = family.rotate(f"token{number}", NOON)
    assert [spent.digest for spent in family.spent] == ["second", *(f"token{number}" for number in range(9))]


def test_a_family_that_is_never_used_ends_after_thirty_days() -> None:
    family = Family.create("f", ADA, "first", NOON)
    assert not family.expired(NOON + timedelta(days=30) - SECOND)
    assert family.expired(NOON + timedelta(days=30))


def test_a_family_ends_thirty_days_after_its_last_use(family: Family) -> None:
    used = family.rotate("third", NOON + timedelta(days=29))
    assert not used.expired(NOON + timedelta(days=59) - SECOND)
    assert used.expired(NOON + timedelta(days=59))
