"""Equivalent mutants: they behave like the original, each for the reason given."""

import re
from typing import NamedTuple


class Equivalent(NamedTuple):
    """A changed line of a function, without its indentation."""

    function: str
    line: str
    why: str


EQUIVALENTS = [
    Equivalent(
        "auth.rate_limits.x_network",
        "return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=None))",
        "ipaddress only checks whether it is false",
    ),
    Equivalent(
        "auth.rate_limits.xǁRateLimitǁin_window",
        "number = int(now.timestamp() / window.total_seconds())",
        "int() rounds as // does for times since 1970",
    ),
    Equivalent(
        "tickets.rows.x_ticket_id_at",
        'return position.partition("#")[2]',
        "a sort key has one #: neither times, prices nor ids have any",
    ),
]
LOWER_CASE = Equivalent("", "", "DynamoDB's keywords are case-insensitive")
_KEYWORDS = re.compile(r"\b(set|remove|add|and|or|between)\b")


def equivalent(name: str, diff: str) -> Equivalent | None:
    """The reason why the mutant `name` can't be killed, if there is one."""
    function = name.rpartition("__mutmut_")[0]
    changed = [
        line for line in diff.splitlines() if line.startswith(("-", "+")) and line[:3] not in ("---", "+++")
    ]
    removed, added = ([line[1:].strip() for line in changed if line[0] == sign] for sign in "-+")
    if [_upper_case(line) for line in removed] == [_upper_case(line) for line in added]:
        return LOWER_CASE
    return next((each for each in EQUIVALENTS if each.function == function and each.line in added), None)


def _upper_case(line: str) -> str:
    return _KEYWORDS.sub(lambda match: match[0].upper(), line)
