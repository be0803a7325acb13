"""The rules of accounts and sessions."""

from datetime import timedelta

import pytest
from auth.model import Family, normalize_email, normalize_new_password, normalize_password

from tests.factories import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ada@tiketz.test", "ada@tiketz.test"),
        ("  Ada.Lovelace+tickets@Tiketz.TEST\n", "ada.lovelace+tickets@tiketz.test"),
        ("o'neil_x-y/z=1@mail.a-b.co", "o'neil_x-y/z=1@mail.a-b.co"),
        ("jose\u0301@exa\u0301mple.es", "jos\u00e9@ex\u00e1mple.es"),
        ("\u5c0f\u660e@\u4f8b\u5b50.\u4e2d\u56fd", "\u5c0f\u660e@\u4f8b\u5b50.\u4e2d\u56fd"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        (f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.g", f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.g"),
    ],
)
def test_an_email_has_one_form(written: str, stored: str) -> None:
    assert normalize_email(written) == stored
    assert normalize_email(stored) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@tiketz.test",
        "ada@tiketz",
        "ada@localhost",
        "ada@tiketz.",
        "ada@.test",
        "ada@tik..etz.test",
        "ada@-tiketz.test",
        "ada@tiketz-.test",
        "ada@tiketz.-test",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        ".ada@tiketz.test",
        "ada.@tiketz.test",
        "a..da@tiketz.test",
        "ada@eve@tiketz.test",
        "a da@tiketz.test",
        '"ada"@tiketz.test',
        "Ada <ada@tiketz.test>",
        "ada@tiketz.test, eve@tiketz.test",
        "ada@tiketz.test\r\nbcc: eve@tiketz.test",
        "a\x00da@tiketz.test",
        "a\u200bda@tiketz.test",
        "a\u202eda@tiketz.test",
        f"{'l' * 65}@tiketz.test",
        f"{'l' * 32}.{'l' * 32}@tiketz.test",
        f"ada@{'d' * 64}.test",
        f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.gh",
    ],
)
def test_what_cannot_be_an_email_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"^This is not an e-mail address\.$"):
        normalize_email(written)


def test_a_long_email_that_almost_fits_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not an e-mail"):
        normalize_email("a." * 8_000 + "@")


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


def test_a_short_password_may_be_tried_when_signing_in() -> None:
    assert normalize_password("x") == "x"
    with pytest.raises(ValueError, match=r"^This is needed\.$"):
        normalize_password("")


@pytest.fixture
def family() -> Family:
    """A family at noon whose first token was just used."""
    return Family.create("f", "u", "first", NOON).rotate("second", NOON)


def test_a_sign_in_creates_a_family() -> None:
    month = timedelta(days=30)
    begun = Family(id="f", user_id="u", current="first", expires_at=NOON + month)
    assert Family.create("f", "u", "first", NOON) == begun


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
    family = Family.create("f", "u", "first", NOON)
    assert not family.expired(NOON + timedelta(days=30) - SECOND)
    assert family.expired(NOON + timedelta(days=30))


def test_a_family_ends_thirty_days_after_its_last_use(family: Family) -> None:
    used = family.rotate("third", NOON + timedelta(days=29))
    assert not used.expired(NOON + timedelta(days=59) - SECOND)
    assert used.expired(NOON + timedelta(days=59))
