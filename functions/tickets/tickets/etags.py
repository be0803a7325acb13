"""Entity tags: a ticket's version as HTTP carries it (RFC 9110 §8.8.3, §13.1.1).

They are weak, since a ticket's stock changes without its version. If-Match takes them all the same: it
guards the seller's words, not the stock.
"""

import re

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag(version: int) -> str:
    return f'W/"{version}"'


def accepts(if_match: str | None, version: int) -> bool:
    """Whether If-Match lets a change of this version pass: it is absent, `*`, or lists the version."""
    if if_match is None or if_match.strip() == "*":
        return True
    return str(version) in _TAG.findall(if_match)
