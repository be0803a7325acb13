"""Text folded for matching."""

import pytest
from tickets.words import MAX_WORD_LENGTH, MAX_WORDS, fold, label, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ærøskøbing", "aeroskobing"),
        ("İstanbul", "istanbul"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("ﬁnale №5", "finale no5"),
        ("Đà Nẵng", "da nang"),
        ("서울", "서울"),
        ("Москва", "москва"),
        ("", ""),
    ],
)
def test_folding_leaves_case_and_accents_out(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_words_are_letters_and_digits_each_once_and_in_order() -> None:
    assert words("Guns N' Roses: live_2026!", None, "Roses-Hall", "") == (
        *("guns", "n", "roses", "live", "2026", "hall"),
    )


def test_composed_and_decomposed_text_have_the_same_words() -> None:
    assert words("Caf\u00e9 M\u00fcller") == words("Cafe\u0301 Mu\u0308ller") == ("cafe", "muller")


def test_a_texts_words_are_limited() -> None:
    assert words("x" * 500) == ("x" * MAX_WORD_LENGTH,)
    assert len(words(" ".join(map(str, range(500))))) == MAX_WORDS


def test_a_label_is_compared_without_case_accents_or_spaces() -> None:
    assert label("  São   Paulo ") == label("sao paulo") == "sao paulo"
    assert label(None) is None


@pytest.mark.parametrize("text", ["\ufdfa" * 120, "😀" * 120, "\u0301", "-", "ﬃ" * 120])
def test_a_label_fits_a_key_whatever_its_characters(text: str) -> None:
    folded = label(text)
    assert folded
    assert 0 < len(folded.encode()) <= 2_048
