"""Which characters of a text show: those that never do are left out where texts are compared."""

import re
from unicodedata import category

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, version 16), and what is drawn as nothing
# or as a longer line: the blank braille pattern and the Arabic tatweel.
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\u0640]"
)
# Embeddings and overrides (UAX #9), which turn the text that follows them.
DIRECTIONS = re.compile("[\u202a-\u202e]")


def without_ignored(text: str) -> str:
    """The text without the characters that do not show."""
    return _IGNORED.sub("", text)


def is_visible(text: str) -> bool:
    """Whether anything shows: spaces, marks and formatting characters alone do not."""
    return any(category(each)[0] not in "CZM" or category(each) == "Co" for each in without_ignored(text))
