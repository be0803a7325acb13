"""Entity tags: a ticket's version as HTTP carries it (RFC 9110 §8.8.3, §13.1.1).

They are weak, since a ticket's units change without its version. If-Match accepts them nevertheless: it
protects the seller's edits, not the units.
"""

import re

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'W/"{version}"'


def accepts(if_match: str | None, version: int) -> bool:
    """Whether If-Match accepts this version: it is absent, `*`, or lists the version."""
    if if_match is None or if_match.strip() == "*":
        return True
    return str(version) in _TAG.findall(if_match)
