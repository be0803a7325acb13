"""Request bodies and query parameters, with a sentence for each field that is not valid."""

import json
import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from unicodedata import category

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from tiketz_common.http import Body, CurrencyCode, Query

from tickets.catalogue import Sort, TicketSearch
from tickets.model import MAX_PRICE, MAX_QUANTITY, MIN_PRICE, Delivery
from tickets.visible import DIRECTIONS, is_visible
from tickets.words import label, query_words
from tickets.zones import names as zone_names

MAX_LINE = 120  # characters
MAX_TEXT = 4_000
_DAY = re.compile(r"2\d{3}-\d\d-\d\d", re.ASCII)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_WEB_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)


def _line(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_LINE:
        raise ValueError(f"Use at most {MAX_LINE} characters.")
    if any(category(each) in ("Cc", "Zl", "Zp") for each in text):
        raise ValueError("Leave out line breaks and control characters.")
    return _undirected(text)


def _title(text: str) -> str:
    if not (title := _line(text)):
        raise ValueError("Give the ticket a title.")
    if _WEB_ADDRESS.search(title):
        raise ValueError("Leave out web addresses: titles are the subjects of mails.")
    return title


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXT:
        raise ValueError(f"Use at most {MAX_TEXT:,} characters.")
    if any(category(each) == "Cc" and each not in "\n\t" for each in text):
        raise ValueError("Leave out control characters.")
    return _undirected(text)


def _undirected(text: str) -> str:
    """The text, or nothing where nothing shows. Raises ValueError where it would turn what follows it."""
    if DIRECTIONS.search(text):
        raise ValueError("Leave out characters that change the direction of text.")
    return text if is_visible(text) else ""


def _price(price: int) -> int:
    if not MIN_PRICE <= price <= MAX_PRICE:
        raise ValueError(f"The price is in minor units (4860 is 48.60), from {MIN_PRICE} to {MAX_PRICE}.")
    return price


def _face_value(value: int) -> int:
    if not 0 <= value <= MAX_PRICE:
        raise ValueError(f"What you paid is in minor units (4860 is 48.60), up to {MAX_PRICE}.")
    return value


def _quantity(quantity: int) -> int:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"Offer 1 to {MAX_QUANTITY} units.")
    return quantity


def _time(value: Any) -> datetime:
    try:
        if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
            raise ValueError(value)
        time = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            "Write the time with its offset, as 2026-12-31T20:00:00Z (a + in an address is %2B)."
        ) from error
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def _day(value: Any) -> date:
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("Write the day as 2026-12-31.") from error


def _zone(name: str) -> str:
    if name not in zone_names():
        raise ValueError("Use a name of the tz database, such as Europe/Amsterdam.")
    return name


def _or_none(text: str | None) -> str | None:
    return text or None


Title = Annotated[
    str, AfterValidator(_title), Field(json_schema_extra={"minLength": 1, "maxLength": MAX_LINE})
]
Line = Annotated[
    Annotated[str, AfterValidator(_line), Field(json_schema_extra={"maxLength": MAX_LINE})] | None,
    AfterValidator(_or_none),
]
Text = Annotated[
    Annotated[str, AfterValidator(_text), Field(json_schema_extra={"maxLength": MAX_TEXT})] | None,
    AfterValidator(_or_none),
]
Price = Annotated[
    int, AfterValidator(_price), Field(json_schema_extra={"minimum": MIN_PRICE, "maximum": MAX_PRICE})
]
FaceValue = Annotated[
    int, AfterValidator(_face_value), Field(json_schema_extra={"minimum": 0, "maximum": MAX_PRICE})
]
Quantity = Annotated[
    int, AfterValidator(_quantity), Field(json_schema_extra={"minimum": 1, "maximum": MAX_QUANTITY})
]
HandedOver = Annotated[Delivery, Field(strict=False)]
Time = Annotated[datetime, BeforeValidator(_time)]
Day = Annotated[date, BeforeValidator(_day)]
Zone = Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"maxLength": 64})]


def _omitted() -> Any:
    """A field that may be omitted and can't be null."""
    return Field(default_factory=lambda: None)


class ListTicket(Body):
    """A listing. `price` in minor units of `currency`; times with their offset; blank text is none.

    `timeZone` is the venue's, an IANA name: everybody reads the time there.
    """

    title: Title
    price: Price
    currency: CurrencyCode = "eur"
    quantity: Quantity = 1
    starts_at: Time | None = None
    time_zone: Zone | None = None
    venue: Line = None
    city: Line = None
    category: Line = None
    description: Text = None
    delivery: HandedOver = Delivery.SELLER
    face_value: FaceValue | None = None


class EditTicket(ListTicket):
    """Changes of a listing. An omitted field stays; null clears a field that can be empty."""

    title: Title = _omitted()
    price: Price = _omitted()
    currency: CurrencyCode = _omitted()
    quantity: Quantity = _omitted()
    delivery: HandedOver = _omitted()

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return self.model_dump(exclude_unset=True)


class Listings(Query):
    """Which page of a list."""

    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, max_length=1_000)


class Browse(Query):
    """A search. `from` is now unless given; any date leaves out tickets without one.

    `maxPrice` is in minor units, of `currency` where it is given. `fromDate` and `toDate` are calendar days
    at each ticket's venue (in UTC where its time zone is unknown).
    """

    q: Line = None
    city: Line = None
    category: Line = None
    from_: Time | None = Field(None, alias="from")
    to: Time | None = None
    from_date: Day | None = None
    to_date: Day | None = None
    currency: CurrencyCode | None = None
    max_price: int | None = Field(None, ge=0)
    sort: Literal["soonest", "newest", "cheapest"] = "soonest"
    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, max_length=1_000)

    @model_validator(mode="after")
    def _in_order(self) -> "Browse":
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` must not be later than `to`.")
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise ValueError("`fromDate` must not be later than `toDate`.")
        return self

    @property
    def search(self) -> TicketSearch:
        """The conditions, folded as rows are."""
        return TicketSearch(
            sort=Sort(self.sort),
            words=query_words(self.q) if self.q else None,
            city=label(self.city),
            category=label(self.category),
            earliest=self.from_,
            latest=self.to,
            first_day=self.from_date,
            last_day=self.to_date,
            currency=self.currency,
            max_price=self.max_price,
        )

    @property
    def link(self) -> dict[str, str]:
        """The same search as a query string's parameters, without the cursor."""
        params = self.model_dump(mode="json", by_alias=True, exclude={"cursor"}, exclude_none=True)
        return {name: str(value) for name, value in params.items()}

    @property
    def scope(self) -> str:
        """The scope of this list's cursors: every parameter but the page's size."""
        return json.dumps({**self.link, "limit": None}, sort_keys=True)
