"""Search words: text folded for matching, without case, accents, punctuation and what does not show.

A text is cut into
- words: letters, digits and their marks (`stand-up` is `stand`, `up`, and joined `standup`);
- pairs of characters, where a script writes no spaces between words or joins them (東京都 is 東京, 京都, 都);
- pictures, such as emoji, one by one.

A text that has none of these, such as `!!!`, is itself a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby, islice

from tickets.visible import without_ignored

MAX_WORD_LENGTH = 32  # characters; the rest of a word is cut off
MAX_WORDS = 40  # of one ticket; the rest are not indexed

_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
# Letters that Unicode does not decompose into a base and a mark.
_BASES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)
# Thai, Lao, Burmese, Khmer; kana, Han and Hangul. UAX #29 §4 lists the scripts that need more than its rules.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """`Łódź` as `lodz`."""
    apart = unicodedata.normalize("NFKD", without_ignored(text).casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return unicodedata.normalize("NFKC", bare.casefold().translate(_BASES))


def words(*texts: str | None) -> tuple[str, ...]:
    """The texts' distinct words, folded, in order: at most 40, each cut to 32 characters. For the index."""
    return _distinct(word for text in texts if text for word in _index_words(text))


def query_words(text: str) -> tuple[str, ...]:
    """The words that a ticket must have, each as a prefix, to be found by this text."""
    return _distinct(word for chunk in _chunks(text) for word in _parts(chunk, for_query=True)) or _distinct(
        _chunks(text)
    )


def label(text: str | None) -> str | None:
    """A city or a category folded for comparing; short enough for a key (2 048 bytes), never empty."""
    if text is None:
        return None
    return " ".join(fold(text).split())[:400] or text


def _index_words(text: str) -> Iterator[str]:
    has_words = False
    for chunk in _chunks(text):
        parts = list(_parts(chunk))
        yield from parts
        runs = list(_runs(chunk))
        if len(runs) > 1 and all(kind == "word" for kind, _ in runs):
            yield "".join(run for _, run in runs)
        has_words = has_words or bool(parts)
    if not has_words:
        yield from _chunks(text)


def _chunks(text: str) -> list[str]:
    """What is between spaces, folded."""
    return fold(text.translate(_APOSTROPHES)).split()


def _parts(chunk: str, *, for_query: bool = False) -> Iterator[str]:
    for kind, run in _runs(chunk):
        if kind == "unspaced":
            yield from _pairs(run, for_query=for_query)
        else:
            yield run


def _pairs(run: str, *, for_query: bool) -> Iterator[str]:
    """Every two neighbours; for the index also the last character, which a prefix of one character finds."""
    last = len(run) - 1 if for_query and len(run) > 1 else len(run)
    return (run[start : start + 2] for start in range(last))


def _runs(chunk: str) -> Iterator[tuple[str, str]]:
    """The chunk's words, pictures, and characters of unspaced scripts, with what each is."""
    for kind, characters in groupby(chunk, _kind):
        if kind == "picture":
            yield from ((kind, each) for each in characters)
        elif kind:
            yield kind, "".join(characters)


def _kind(character: str) -> str | None:
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return "unspaced" if _UNSPACED.match(character) else "word"
    return "picture" if category == "So" else None


def _distinct(every: Iterator[str] | list[str]) -> tuple[str, ...]:
    cut = (word[:MAX_WORD_LENGTH] for word in every)
    return tuple(islice(dict.fromkeys(islice(cut, 20 * MAX_WORDS)), MAX_WORDS))
