"""Search words: text folded for matching, without case, accents and punctuation."""

import re
import unicodedata

MAX_WORD_LENGTH = 32  # characters; the rest of a word is cut off
MAX_WORDS = 40  # of one ticket; the rest are not indexed

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
# Letters that Unicode does not decompose into a base and a mark.
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
    folded = (fold(text.translate(_APOSTROPHES)) for text in texts if text)
    distinct = dict.fromkeys(word[:MAX_WORD_LENGTH] for text in folded for word in _WORD.findall(text))
    return tuple(distinct)[:MAX_WORDS]


def label(text: str | None) -> str | None:
    """A city or a category folded for comparing; short enough for a key (2 048 bytes), never empty."""
    if text is None:
        return None
    return " ".join(fold(text).split())[:400] or text
