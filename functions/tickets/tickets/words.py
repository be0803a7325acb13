"""Text folded for matching: without case, accents and punctuation."""

import re
import unicodedata

MAX_WORD_LENGTH = 32  # characters of a word that count
MAX_WORDS = 40  # words of one ticket that count

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
# Letters that Unicode does not take apart into a base and a mark.
_BASES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)


def fold(text: str) -> str:
    """`Łódź` as `lodz`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return unicodedata.normalize("NFKC", bare.casefold().translate(_BASES))


def words(*texts: str | None) -> tuple[str, ...]:
    """The texts' distinct words, folded, in order: at most 40, each cut to 32 characters."""
    found = (
        word[:MAX_WORD_LENGTH]
        for text in texts
        if text
        for word in _WORD.findall(fold(text.translate(_APOSTROPHES)))
    )
    return tuple(dict.fromkeys(found))[:MAX_WORDS]


def label(text: str | None) -> str | None:
    """A city or a category as what it is compared by; short enough for a key (2 048 bytes), never empty."""
    if text is None:
        return None
    return " ".join(fold(text).split())[:400] or text
