"""A running world's books, read once: all rows and what Stripe has, as the simulation's checks ask."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tiketz_common.rows import Row, unpack

from local.process import EnvironmentProcess
from local.stripe.store import Store
from tests.simulation.invariants import check
from tests.simulation.people import Placed

STRIPE = ("payment_intent", "charge", "refund")


class Books:
    """What a world keeps. Read while nothing moves."""

    def __init__(self, world: EnvironmentProcess) -> None:
        dynamodb = world.client("dynamodb")
        self._rows: dict[str, list[Row]] = {}
        for name, table in world.info["tables"].items():
            pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
            self._rows[name.split("/")[0]] = [unpack(item) for page in pages for item in page["Items"]]
        store = Store(world.data / "stripe.sqlite")
        kept = store.load()
        store.close()
        self.stripe = {kind: {row["id"]: row for row in kept.get(kind, [])} for kind in STRIPE}

    def rows(self, service: str) -> list[Row]:
        return self._rows[service]

    @property
    def orders(self) -> Counter[str]:
        """How many orders there are, by status."""
        return Counter(row["status"] for row in self.rows("orders") if row["pk"].startswith("ORDER#"))

    @property
    def at_rest(self) -> bool:
        """Whether every order has ended and every payment is settled."""
        return not self.orders["pending"] and not any("unsettled" in row for row in self.rows("payments"))

    def check(self, placed: list[Placed]) -> None:
        """I1 to I6, and that every order is as its buyer was told. Raises Broken."""
        world = SimpleNamespace(
            rows=self.rows,
            stripe=SimpleNamespace(machine=SimpleNamespace(ledger=SimpleNamespace(rows=self.stripe))),
            agenda=SimpleNamespace(time=datetime.now(UTC)),
            misfortunes=SimpleNamespace(struck={}),
            web=SimpleNamespace(faults=[]),
        )
        promised: dict[int, Placed] = dict(enumerate(placed))
        crowd: Any = SimpleNamespace(world=world, touched=set(), surprises=[], orders=promised)
        check(crowd)
