"""Mutants that nothing can tell from the rule they come from, each with the reason."""

from typing import NamedTuple


class Equivalent(NamedTuple):
    """In a function of this name, a changed line that reads so, however far to the right."""

    function: str
    line: str
    why: str


KEYWORDS = "DynamoDB's keywords may be written small"
EQUIVALENTS = [
    Equivalent(
        "orders.model.x_moves",
        'leaves: Place = "available" if (before is None) and False else UNITS.get(before, "available")',
        "no status is None, so the lookup finds nothing and answers the same",
    ),
    Equivalent(
        "orders.repository.xǁOrderTableǁadd",
        'count["ConditionExpression"] = "attribute_not_exists(units) or units <= :room"',
        KEYWORDS,
    ),
    Equivalent(
        "orders.repository.xǁOrderTableǁ_edit", '"UpdateExpression": "set " + ", ".join(changes),', KEYWORDS
    ),
    Equivalent(
        "orders.repository.xǁOrderTableǁ_move",
        '"UpdateExpression": "set " + ", ".join([*changes, *self._MOVED]),',
        KEYWORDS,
    ),
    Equivalent(
        "auth.model.x_network",
        "return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=None))",
        "ipaddress asks only whether it is false",
    ),
]


def equivalent(name: str, diff: str) -> Equivalent | None:
    """The reason why the mutant `name` can't be killed, if there is one."""
    function = name.rpartition("__mutmut_")[0]
    lines = {line[1:].strip() for line in diff.splitlines() if line.startswith("+")}
    return next((each for each in EQUIVALENTS if each.function == function and each.line in lines), None)
