"""Read units that searches cost, with 50 000 listings on DynamoDB Local.

python -m bench.search [--listings 50000]
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tickets import rows
from tickets.catalogue import Page
from tickets.forms import Browse
from tickets.model import Ticket
from tickets.repository import TicketTable
from tiketz_common import aws
from tiketz_common.rows import pack

from bench import tables

TABLE = "tickets"
SEED = 20_261_128
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
CATEGORIES = ("Music", "Sport", "Theatre", "Comedy", "Festival", "Other")
CITIES = 60
VENUES = 400
ARTISTS = 3_000  # words that titles consist of
PROSE = 400  # words that descriptions consist of
BATCH = 25  # BatchWriteItem takes at most as many
SEARCHES = {
    "no words, soonest": {},
    "a city, soonest": {"city": "city03"},
    "a city, cheapest": {"city": "city03", "sort": "cheapest"},
    "one word": {"q": "artist0040"},
    "two words": {"q": "artist0040 artist0007"},
    "a word and a city": {"q": "artist0003 city03"},
    "the beginning of a word": {"q": "artist01"},
    "a word that nothing has": {"q": "nowhere"},
    "a venue": {"q": "venue012"},
}


class ReadUnits:
    """Sums the read units of a client's requests."""

    def __init__(self, client: Any) -> None:
        self.total = 0.0
        for operation in ("Query", "BatchGetItem"):
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._request)
            client.meta.events.register(f"after-call.dynamodb.{operation}", self._add)

    def _request(self, params: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def _add(self, parsed: dict[str, Any], **_: Any) -> None:
        used = parsed.get("ConsumedCapacity", [])
        self.total += sum(each["CapacityUnits"] for each in (used if isinstance(used, list) else [used]))


def listings(count: int) -> Iterator[Ticket]:
    """Listings of the coming year: few artists and cities have most of them; half have a description."""
    chance = random.Random(SEED)

    def pick(name: str, number: int, digits: int) -> str:
        return f"{name}{min(int(chance.paretovariate(0.6)) - 1, number - 1):0{digits}}"

    for number in range(count):
        prose = " ".join(f"prose{chance.randrange(PROSE)}" for _ in range(15))
        details = {
            "title": " ".join(pick("artist", ARTISTS, 4) for _ in range(3)),
            "price": chance.randrange(500, 20_000),
            "currency": "eur",
            "quantity": 1,
            "starts_at": NOW + timedelta(minutes=chance.randrange(1, 525_600)),
            "venue": f"{pick('venue', VENUES, 3)} hall",
            "city": pick("city", CITIES, 2),
            "category": chance.choice(CATEGORIES),
            "description": prose if number % 2 else None,
        }
        yield Ticket.create(f"{chance.getrandbits(128):032x}"[:32] + "-000", "maren", details, NOW)


def fill(client: Any, count: int) -> None:
    """Store the listings with their word rows."""
    waiting: list[dict[str, Any]] = []
    for ticket in listings(count):
        for row in (rows.of_ticket(ticket, {}, NOW), *rows.of_words(ticket).values()):
            waiting.append({"PutRequest": {"Item": pack(row)}})
            if len(waiting) == BATCH:
                client.batch_write_item(RequestItems={TABLE: waiting})
                waiting = []
    if waiting:
        client.batch_write_item(RequestItems={TABLE: waiting})


def measure(units: ReadUnits, tickets: TicketTable) -> Iterator[tuple[str, float, Page]]:
    """Each search, its read units, and what its first page has."""
    for name, params in SEARCHES.items():
        units.total = 0.0
        page = tickets.browse(Browse.model_validate(params).search, 24, None, NOW)
        yield name, units.total, page


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.search")
    parser.add_argument("--listings", type=int, default=50_000)
    count = parser.parse_args().listings
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    with tempfile.TemporaryDirectory() as folder, tables.running("local", Path(folder)) as endpoint:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
        tables.create("tickets", TABLE)
        client = aws.client("dynamodb")
        fill(client, count)
        print(f"{count:,} listings on DynamoDB Local; the first page of 24")
        print(f"{'':34}{'read units':>12}{'tickets':>9}")
        for name, used, page in measure(ReadUnits(client), TicketTable(TABLE)):
            print(f"  {name:32}{used:12.1f}{len(page.tickets):9}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
