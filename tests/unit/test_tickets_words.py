"""Text folded for matching."""

import pytest
from tickets.visible import is_visible, without_ignored
from tickets.words import MAX_WORD_LENGTH, MAX_WORDS, fold, label, query_words, words


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
        ("Gesamt\u00adkonzert", "gesamtkonzert"),
        ("Rotter\u200bdam\ufeff", "rotterdam"),
        ("محمـــد", "محمد"),
        ("❤\ufe0f", "❤"),
        ("", ""),
    ],
)
def test_folding_leaves_case_accents_and_the_invisible_out(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_words_are_letters_and_digits_each_once_and_in_order() -> None:
    assert words("Guns N' Roses: live 2026!", None, "Roses Hall", "") == (
        *("guns", "n", "roses", "live", "2026", "hall"),
    )


def test_composed_and_decomposed_text_have_the_same_words() -> None:
    assert words("Caf\u00e9 M\u00fcller") == words("Cafe\u0301 Mu\u0308ller") == ("cafe", "muller")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("AC/DC", ("ac", "dc", "acdc")),
        ("An evening of stand-up", ("an", "evening", "of", "stand", "up", "standup")),
        ("東京都", ("東京", "京都", "都")),
        ("ｺﾝｻｰﾄ", ("コン", "ンサ", "サー", "ート", "ト")),
        ("서울콘", ("서울", "울콘", "콘")),
        ("กทม", ("กท", "ทม", "ม")),
        ("Live 2026東京", ("live", "2026", "東京", "京")),
        ("हिन्दी", ("हिनदी",)),
        ("🎸🎸 Night 👨\u200d👩", ("🎸", "night", "👨", "👩")),
        ("!!!", ("!!!",)),
        ("!!! live", ("live",)),
        ("¿? …", ("¿?", "...")),
    ],
)
def test_a_text_is_cut_into_words_pairs_and_pictures(text: str, own: tuple[str, ...]) -> None:
    assert words(text) == own


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("acdc", "AC/DC"),
        ("AC/DC", "AC/DC"),
        ("ac dc", "AC/DC"),
        ("standup", "stand-up"),
        ("東京", "コンサート東京ドーム公演"),
        ("ドーム公", "コンサート東京ドーム公演"),
        ("演", "コンサート東京ドーム公演"),
        ("กรุงเทพ", "คอนเสิร์ตกรุงเทพมหานคร"),
        ("콘서트", "서울콘서트홀"),
        ("🎸", "Rock 🎸🎸"),
        ("👩🏽", "👩 night"),
        ("!!!", "!!!"),
        ("gesamtkonzert", "Gesamt\u00adkonzert"),
        ("Gesamt\u200bkonzert", "Gesamtkonzert"),
        ("محمد", "محمـــد"),
    ],
)
def test_every_word_of_a_query_is_the_beginning_of_an_indexed_one(query: str, title: str) -> None:
    own = words(title)
    assert query_words(query)
    for word in query_words(query):
        assert any(each.startswith(word) for each in own), (word, own)


@pytest.mark.parametrize(
    ("query", "title"), [("京東", "東京"), ("大阪", "東京大学"), ("🎹", "🎸"), ("???", "!!!")]
)
def test_a_query_does_not_match_what_is_not_there(query: str, title: str) -> None:
    own = words(title)
    assert not all(any(each.startswith(word) for each in own) for word in query_words(query))


def test_a_texts_words_are_limited() -> None:
    assert words("x" * 500) == ("x" * MAX_WORD_LENGTH,)
    assert len(words(" ".join(map(str, range(500))))) == MAX_WORDS
    assert words(" ".join(map(str, range(39))), "venue", "city")[-2:] == ("38", "venue")


@pytest.mark.parametrize(
    "text",
    [
        *"\u3164\uffa0\u2800\ufe0f\u034f\u17b4\u00ad\u200b\u2066\u0301\u00a0",
        "\u200d \u2800\u3164",
        "",
        "\U000e0061",
    ],
)
def test_text_of_which_nothing_shows_is_not_visible(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("text", ["a", "!", "🎸", "東", "ﷺ", "1\ufe0f\u20e3", "\ue000"])
def test_text_of_which_something_shows_is_visible(text: str) -> None:
    assert is_visible(text)


def test_what_does_not_show_is_ignored() -> None:
    assert without_ignored("a\u00adb\u200bc\ufe0fd\u2800e") == "abcde"


def test_a_label_is_compared_without_case_accents_or_spaces() -> None:
    assert label("  São   Paulo ") == label("sao paulo") == label("Sa\u00ado Paulo\u200b") == "sao paulo"
    assert label(None) is None


@pytest.mark.parametrize("text", ["\ufdfa" * 120, "😀" * 120, "\u0301", "-", "ﬃ" * 120])
def test_a_label_fits_a_key_whatever_its_characters(text: str) -> None:
    folded = label(text)
    assert folded
    assert 0 < len(folded.encode()) <= 2_048
