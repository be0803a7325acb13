"""Audits a local environment: reads all rows and Stripe's objects, and checks the invariants."""

from collections import Counter
from datetime import UTC, datetime

from tiketz_common.rows import Row, unpack

from local.process import EnvironmentProcess
from local.stripe.store import Store
from tests.simulation.invariants import Snapshot, check
from tests.simulation.users import PlacedOrder

STRIPE = ("payment_intent", "charge", "refund", "dispute")


class Audit:
    """The state of an environment. Read it while no event is in flight."""

    def __init__(self, environment: EnvironmentProcess) -> None:
        dynamodb = environment.client("dynamodb")
        self._rows: dict[str, list[Row]] = {}
        for name, table in environment.info["tables"].items():
            pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
            self._rows[name.split("/")[0]] = [unpack(item) for page in pages for item in page["Items"]]
        store = Store(environment.data / "stripe.sqlite")
        objects = store.load()
        store.close()
        self._stripe = {kind: {row["id"]: row for row in objects.get(kind, [])} for kind in STRIPE}

    @property
    def orders(self) -> Counter[str]:
        """The number of orders by status."""
        return Counter(row["status"] for row in self._rows["orders"] if row["pk"].startswith("ORDER#"))

    @property
    def at_rest(self) -> bool:
        """Whether every order has ended and every payment is settled."""
        return not self.orders["pending"] and not any("unsettled" in row for row in self._rows["payments"])

    def check(self, placed: list[PlacedOrder]) -> None:
        """I1 to I6, and that every order is as in the response to its buyer. Raises Broken."""
        check(Snapshot(self._rows.__getitem__, self._stripe, datetime.now(UTC), placed))
