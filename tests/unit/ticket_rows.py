"""The rows that the tickets service stores for a ticket, and how tests write them."""

from datetime import datetime
from typing import Any
from unittest.mock import ANY

from tickets import events
from tickets.model import Ticket
from tickets.repository import TicketTable

from tests.factories import DAY, MINUTE, NOON, listing
from tests.fakes.in_memory_tables import InMemoryTables

TICKET = listing()
BARE = listing(id="t2", starts_at=None, venue=None, city=None, category=None, description=None)
KEYS = {
    "soonest": "2026-07-02T12:00:00.000Z#t1",
    "newest": "2026-07-01T12:00:00.000Z#t1",
    "cheapest": "0004860#t1",
    "city": "lodz",
    "category": "concert",
}
SHELVES = {"shelf": "all", "cityShelf": "lodz", "categoryShelf": "concert"}
FACTS = {
    "id": "t1",
    "sellerId": "maren",
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 3,
    "startsAt": "2026-07-02T12:00:00.000Z",
    "venue": "Halcyon Hall",
    "city": "Łódź",
    "category": "Concert",
    "description": "Two by the stage.",
    "state": "listed",
    "version": 1,
    "createdAt": "2026-07-01T12:00:00.000Z",
    "timeZone": "Europe/Warsaw",
    "delivery": "seller",
    "faceValue": None,
}
TICKET_ROW = {
    "pk": "TICKET#t1",
    "sk": "TICKET",
    "ticket": FACTS,
    "held": 0,
    "sold": 0,
    "inventoryVersion": 0,
    **KEYS,
    **SHELVES,
    "seller": "maren",
    "event": ANY,
}
OTHER_WORDS = ("lodz", "halcyon", "hall", "concert", "two", "by", "the", "stage")
WORDS = " ".join(("", "marble", "arcade", *OTHER_WORDS))


def word_row(word: str) -> dict[str, Any]:
    begins = int((NOON + DAY).timestamp())
    return {"pk": f"WORD#{word[0]}", "sk": f"{word}#t1", **KEYS, "words": WORDS, "forgetAt": begins}


def offer(tickets: TicketTable, *listings: Ticket) -> None:
    for each in listings:
        tickets.add(each, events.created(each), NOON)


def save(tickets: TicketTable, before: Ticket, after: Ticket, now: datetime = NOON + MINUTE) -> None:
    tickets.save(before, after, events.updated(after), now)


def row(memory: InMemoryTables) -> dict[str, Any]:
    return memory.rows("tickets")["TICKET#t1 TICKET"]


def words(memory: InMemoryTables) -> set[str]:
    return {key.split()[1] for key in memory.rows("tickets") if key.startswith("WORD#")}
