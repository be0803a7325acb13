"""Tickets and their rules. No AWS, no HTTP, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tiketz_common.errors import BadRequest, Conflict, Forbidden

MIN_PRICE, MAX_PRICE = 50, 9_999_999  # minor units
MAX_QUANTITY = 10_000
LATEST_START = timedelta(days=3_653)  # ten years ahead

FIXED_WHILE_TAKEN = {  # fields, with their names on the wire
    "title": "title",
    "starts_at": "startsAt",
    "time_zone": "timeZone",
    "venue": "venue",
    "city": "city",
    "currency": "currency",
    "delivery": "delivery",
}

Details = Mapping[str, Any]
"""What a seller enters, by the names of Ticket's fields, validated by forms."""

MinPrices = Mapping[str, int]
"""The lowest price of a unit by currency, in its minor units: what the payment provider takes at least."""


class Status(StrEnum):
    """What a ticket's state and units come to."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"
    DRAFT = "draft"


class Delivery(StrEnum):
    """How a ticket is handed over."""

    SELLER = "seller"  # by its seller, as they arrange it
    FILE = "file"  # by the delivery service, which has its file


class State(StrEnum):
    """Whether the seller offers the ticket."""

    LISTED = "listed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Where a ticket's units are, as of the last event from orders. `version` orders those events."""

    held: int = 0
    sold: int = 0
    version: int = 0

    @property
    def taken(self) -> int:
        """Units that are not available."""
        return self.held + self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """How many units a ticket's files have, as of the last event from delivery, ordered by `version`."""

    units: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A listing. `price` and `face_value` (what it cost its seller) are in minor units of `currency`.

    `version` counts its seller's edits, and whether its files are complete.

    What is available follows from our own `quantity`: an edit of it shows at once, and an event that orders
    published before it received the edit cannot undo it.
    """

    id: str
    seller_id: str
    title: str
    price: int
    currency: str
    quantity: int
    starts_at: datetime | None
    venue: str | None
    city: str | None
    category: str | None
    description: str | None
    state: State
    version: int
    created_at: datetime
    delivery: Delivery = Delivery.SELLER
    face_value: int | None = None
    inventory: Inventory = field(default_factory=Inventory)
    files: Files = field(default_factory=Files)
    time_zone: str | None = None

    @classmethod
    def create(cls, ticket_id: str, seller_id: str, details: Details, now: datetime) -> "Ticket":
        """A new listing, all of it available. Raises BadRequest for a start that passed or is too far."""
        _check_start(details["starts_at"], now)
        return cls(
            id=ticket_id,
            seller_id=seller_id,
            state=State.LISTED,
            version=1,
            created_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
            **details,
        )

    @property
    def user_id(self) -> str:
        """The seller's id, under the name that all services use for an owner."""
        return self.seller_id

    @property
    def reserved(self) -> int:
        """Units that buyers hold unpaid."""
        return self.inventory.held

    @property
    def sold(self) -> int:
        """Units that are paid."""
        return self.inventory.sold

    @property
    def available(self) -> int:
        """Units that can be ordered; 0 where the quantity was cut below what is taken."""
        return max(0, self.quantity - self.inventory.taken)

    @property
    def status(self) -> Status:
        """The first that fits: withdrawn, draft (files are missing), sold (all), reserved, available."""
        if self.state is State.WITHDRAWN:
            return Status.WITHDRAWN
        if self.delivery is Delivery.FILE and self.files.units < self.quantity:
            return Status.DRAFT
        if self.inventory.sold >= self.quantity:
            return Status.SOLD
        return Status.AVAILABLE if self.available else Status.RESERVED

    def on_sale(self, now: datetime) -> bool:
        """Whether it can be bought now."""
        return self.status is Status.AVAILABLE and (self.starts_at is None or self.starts_at > now)

    def check_seller(self, user_id: str) -> None:
        """Raises Forbidden for a user who is not the seller."""
        if user_id != self.seller_id:
            raise Forbidden("Only its seller can change a listing.")

    def check_price(self, min_prices: MinPrices) -> None:
        """Raises BadRequest for a price that could not be paid."""
        least = min_prices[self.currency]
        if self.price < least:
            raise BadRequest(
                f"The price is at least {least / 100:.2f} {self.currency.upper()}.",
                code="price_too_low",
                field="price",
            )

    def edited(self, changes: Details, now: datetime) -> "Ticket":
        """The listing with its seller's changes, or itself where nothing changes.

        Nothing changes while no unit is available, and what a buyer chose it by (`FIXED_WHILE_TAKEN`) not
        while one is held or sold. Raises Conflict, and BadRequest for a new date that passed or is too far.
        """
        if self.state is State.WITHDRAWN:
            raise Conflict("This listing was withdrawn.", code="listing_withdrawn")
        if not self.available:
            raise Conflict(
                "Every unit is reserved or sold, so this listing can't change now.",
                code="listing_fully_taken",
            )
        edited = replace(self, **changes)
        if edited == self:
            return self
        self._check_fixed(edited)
        if edited.quantity < self.inventory.taken:
            raise Conflict(
                f"{self.inventory.taken} are reserved or sold already; the quantity can't be less.",
                code="quantity_below_taken",
                field="quantity",
            )
        if edited.starts_at != self.starts_at:
            _check_start(edited.starts_at, now)
        return replace(edited, version=self.version + 1)

    def _check_fixed(self, edited: "Ticket") -> None:
        if not self.inventory.taken:
            return
        for name, wire_name in FIXED_WHILE_TAKEN.items():
            before = getattr(self, name)
            is_added = name == "time_zone" and before is None  # early listings have none
            if getattr(edited, name) != before and not is_added:
                raise Conflict(
                    "This can't change while some of it is reserved or sold.",
                    code="listing_has_taken_units",
                    field=wire_name,
                )

    def withdrawn(self) -> "Ticket":
        """The listing withdrawn. Idempotent. Raises Conflict while a unit is reserved or sold."""
        if self.state is State.LISTED and self.inventory.taken:
            raise Conflict(
                "Some of it is reserved or sold, so this listing can't be withdrawn now.",
                code="listing_has_taken_units",
            )
        return self.force_withdrawn()

    def force_withdrawn(self) -> "Ticket":
        """The listing withdrawn although units may be reserved or sold: placed orders stand. Idempotent."""
        if self.state is State.WITHDRAWN:
            return self
        return replace(self, state=State.WITHDRAWN, version=self.version + 1)

    def with_inventory(self, inventory: Inventory) -> "Ticket":
        """The ticket with a newer inventory, or itself where it is not newer."""
        return replace(self, inventory=inventory) if inventory.version > self.inventory.version else self

    def with_files(self, files: Files) -> "Ticket":
        """The ticket with newer files, or itself. Its version grows where they make it a draft, or none."""
        if files.version <= self.files.version:
            return self
        changed = replace(self, files=files)
        flipped = (changed.status is Status.DRAFT) != (self.status is Status.DRAFT)
        return replace(changed, version=self.version + 1) if flipped else changed


def _check_start(starts_at: datetime | None, now: datetime) -> None:
    if starts_at is None:
        return
    if starts_at <= now:
        raise BadRequest("Choose a time in the future.", code="starts_in_past", field="startsAt")
    if starts_at > now + LATEST_START:
        raise BadRequest("Choose a time within the next ten years.", code="starts_too_late", field="startsAt")
