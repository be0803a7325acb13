"""Searches of the catalogue, as DynamoDB queries over the keys of its rows (see rows)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tiketz_common.clock import to_wire
from tiketz_common.rows import pack

from tickets.model import MAX_PRICE, Ticket
from tickets.rows import HIGHEST, price_sort_key, word_key
from tickets.zones import begins_first, ends_last, local_day

Arguments = dict[str, Any]


class Sort(StrEnum):
    """A sort order; its value is the attribute with a ticket's sort key."""

    SOONEST = "soonest"
    NEWEST = "newest"
    CHEAPEST = "cheapest"


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets of a list, and the sort key after which the next page begins (None: it is the last)."""

    tickets: list[Ticket]
    after: str | None


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Sort keys between two bounds, both exclusive. Only a cursor's bound ever equals a sort key."""

    lower: str | None = None
    upper: str | None = None

    @property
    def empty(self) -> bool:
        """Whether no key is between the bounds."""
        return self.lower is not None and self.upper is not None and self.lower >= self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSearch:
    """Conditions that must all hold. `max_price` in minor units, of any currency where none is given.

    `words` are folded prefixes; an empty tuple matches no ticket. Tickets without a date match unless
    a date is requested; `soonest` puts them last. The days are those at each ticket's venue.
    """

    sort: Sort
    words: tuple[str, ...] | None = None
    city: str | None = None
    category: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    currency: str | None = None
    max_price: int | None = None

    def key_ranges(self, after: str | None, now: datetime) -> dict[str, KeyRange]:
        """The range of each sort key, that of the requested order only after `after`."""
        key_ranges = {
            "soonest": self._dates(now),
            "newest": KeyRange(),
            "cheapest": self._prices(),
        }
        if after is not None:
            requested = key_ranges[self.sort]
            key_ranges[self.sort] = (
                KeyRange(requested.lower, after)
                if self.sort is Sort.NEWEST
                else KeyRange(max(requested.lower or "", after), requested.upper)
            )
        return key_ranges

    def _prices(self) -> KeyRange:
        if self.max_price is None or self.max_price > MAX_PRICE:
            return KeyRange()
        return KeyRange(upper=price_sort_key(self.max_price) + HIGHEST)

    def _dates(self, now: datetime) -> KeyRange:
        earliest = [self.earliest, begins_first(self.first_day) if self.first_day else None]
        latest = [self.latest, ends_last(self.last_day) if self.last_day else None]
        lower = [to_wire(each) for each in earliest if each]
        upper = [to_wire(each) + HIGHEST for each in latest if each]
        last = HIGHEST if lower else None  # tickets without a date sort after it
        return KeyRange(max([to_wire(now) + HIGHEST, *lower]), min(upper, default=last))

    def matches(self, ticket: Ticket) -> bool:
        """Whether what no key or filter of a query has fits: the currency, and the day at the venue."""
        return self.currency in (None, ticket.currency) and self._matches_day(ticket)

    def _matches_day(self, ticket: Ticket) -> bool:
        """Whether the event is on one of the requested days, at its venue: key ranges hold a day more."""
        if not (self.first_day or self.last_day):
            return True
        if ticket.starts_at is None:
            return False
        day = local_day(ticket.starts_at, ticket.time_zone)
        return (self.first_day or day) <= day <= (self.last_day or day)


class _Expressions:
    """Conditions joined by AND, with the names and values that they use."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        self.names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def value(self, value: str) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def equal(self, attribute: str, value: str | None) -> list[str]:
        return [f"{self.name(attribute)} = {self.value(value)}"] if value is not None else []

    def within(self, attribute: str, key_range: KeyRange) -> list[str]:
        match key_range:
            case KeyRange(None, None):
                return []
            case KeyRange(str(lower), None):
                return [f"{self.name(attribute)} > {self.value(lower)}"]
            case KeyRange(None, str(upper)):
                return [f"{self.name(attribute)} < {self.value(upper)}"]
            case KeyRange(str(lower), str(upper)):
                # BETWEEN includes its bounds; "!" sorts before the "#" that follows in a sort key.
                bounds = f"{self.value(lower + '!')} AND {self.value(upper)}"
                return [f"{self.name(attribute)} BETWEEN {bounds}"]
        raise TypeError(key_range)

    def query(self, keys: list[str], filters: list[str]) -> Arguments:
        return {
            "KeyConditionExpression": " AND ".join(keys),
            **({"FilterExpression": " AND ".join(filters)} if filters else {}),
            "ExpressionAttributeNames": self.names,
            "ExpressionAttributeValues": pack(self.values),
        }


def index_query(search: TicketSearch, key_ranges: dict[str, KeyRange]) -> Arguments:
    """The Query over the index of the requested order.

    The range of its sort key is the key condition, and so is a city or a category where the order is
    `soonest`; the other conditions are filters.
    """
    terms = _Expressions()
    labels = {"city": search.city, "category": search.category}
    label = next((name for name, value in labels.items() if value), None)
    if label and search.sort is Sort.SOONEST:
        index, shelf = f"soonestBy{label.title()}", terms.equal(f"{label}Shelf", labels.pop(label))
    else:
        index, shelf = search.sort.value, terms.equal("shelf", "all")
    keys = shelf + terms.within(search.sort.value, key_ranges[search.sort])
    filters = [term for name, value in labels.items() for term in terms.equal(name, value)]
    filters += [
        t
        for name, key_range in key_ranges.items()
        if name != search.sort
        for t in terms.within(name, key_range)
    ]
    return {
        "IndexName": index,
        "ScanIndexForward": search.sort is not Sort.NEWEST,
        **terms.query(keys, filters),
    }


def word_query(search: TicketSearch, key_ranges: dict[str, KeyRange]) -> Arguments:
    """The Query for the sort keys of tickets with all words: the longest is the key, the others filters."""
    terms = _Expressions()
    longest, *others = sorted(search.words or (), key=len, reverse=True)
    at = word_key(longest)
    keys = [*terms.equal("pk", at["pk"]), f"begins_with({terms.name('sk')}, {terms.value(at['sk'])})"]
    filters = [f"contains({terms.name('words')}, {terms.value(f' {word}')})" for word in others]
    filters += [*terms.equal("city", search.city), *terms.equal("category", search.category)]
    filters += [term for name, each in key_ranges.items() for term in terms.within(name, each)]
    return {"ProjectionExpression": terms.name(search.sort.value), **terms.query(keys, filters)}
