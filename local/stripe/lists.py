"""Lists, the newest first, in pages; and `expand`, which replaces an id by its object."""

import operator
from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile, islice

from local.stripe.errors import Row, invalid
from local.stripe.ledger import KINDS, Ledger
from local.stripe.params import Parser, Raw, list_of, text

COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}

# The properties of each kind of object that can be expanded, and the kind that takes their place.
EXPANDABLE: dict[str, dict[str, str]] = {
    "payment_intent": {"latest_charge": "charge", "payment_method": "payment_method"},
    "charge": {
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "refunds": "list of refund",
    },
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    **{f"list of {kind}": {"data": kind} for kind in KINDS},
}


def page(ledger: Ledger, kind: str, url: str, args: Row, keep: Callable[[Row], bool]) -> Row:
    """One page of the rows of a kind that pass `keep` and the `created` filter."""
    rows = ledger.rows[kind]
    size = args.get("limit", 10)
    backwards = "ending_before" in args
    ordered: Iterable[Row]
    if backwards:
        ledger.get(kind, args["ending_before"], "ending_before")
        ordered = _after(args["ending_before"], rows.values())
    elif "starting_after" in args:
        ledger.get(kind, args["starting_after"], "starting_after")
        ordered = _after(args["starting_after"], reversed(rows.values()))
    else:
        ordered = reversed(rows.values())
    kept = (row for row in ordered if keep(row) and _created(row["created"], args.get("created")))
    first = list(islice(kept, size + 1))
    data = first[:size][::-1] if backwards else first[:size]
    return {"object": "list", "data": data, "has_more": len(first) > size, "url": url}


def _after(object_id: str, rows: Iterable[Row]) -> Iterator[Row]:
    return islice(dropwhile(lambda row: row["id"] != object_id, rows), 1, None)


def _created(at: int, condition: Row | int | None) -> bool:
    if condition is None:
        return True
    if isinstance(condition, int):
        return at == condition
    return all(COMPARE[how](at, bound) for how, bound in condition.items())


def expandable(kind: str) -> Parser:
    """A parser of the `expand` parameter for a response of some kind."""

    def parse(name: str, raw: Raw) -> list[str]:
        paths: list[str] = list_of(text)(name, raw)
        for path in paths:
            inner: str | None = kind
            for step in path.split("."):
                inner = EXPANDABLE.get(inner or "", {}).get(step)
                if inner is None:
                    raise invalid(f"This property cannot be expanded ({path}).")
        return paths

    return parse


def expand(ledger: Ledger, row: Row, path: str) -> Row:
    """The row with the object that a dotted path names (`latest_charge.refunds`) in place of its id."""
    name, _, rest = path.partition(".")
    if row["object"] == "list":
        return row | {"data": [expand(ledger, item, rest) if rest else item for item in row["data"]]}
    inner = _refunds(ledger, row) if name == "refunds" else row[name]
    if isinstance(inner, str):
        inner = ledger.find(inner)
    if inner is not None and rest:
        inner = expand(ledger, inner, rest)
    return row | {name: inner}


def _refunds(ledger: Ledger, charge: Row) -> Row:
    url = f"/v1/charges/{charge['id']}/refunds"
    return page(ledger, "refund", url, {}, lambda refund: refund["charge"] == charge["id"])
