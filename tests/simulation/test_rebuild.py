"""What services know of each other's rows can be lost: the owners tell again, and it is as it was."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from tickets.rows import SHELVES
from tiketz_common.rows import Row, pack, unpack

from operate.republish import republish
from operate.stages import Stage
from tests.fakes.application import NOON, SimulatedApplication
from tests.fakes.botocore_hook import hook
from tests.fakes.dynamodb import InMemoryDynamoDB
from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation.history import come_to_rest, play
from tests.simulation.invariants import check
from tests.simulation.people import Crowd

SEEDS = 0, 1, 3, 5, 8, 12
TELL_FIRST = "tickets", "orders", "payments", "auth"
FORGOTTEN = {  # a listing, to an inventory that knows its own units alone
    "title": "",
    "price": 0,
    "currency": "",
    "sellerId": "",
    "startsAt": None,
    "venue": None,
    "city": None,
    "listed": False,
    "ticketVersion": 0,
    "quantity": 0,
}
COUNTERS = {"revision", "inventoryVersion", "changedAt", "correlationId", "forgetAt", "event", "silent"}
"""What only says how often, when or by whom a row was written."""


class Operator(Stage):
    """Whoever runs `make republish` in a simulated world. No relay has failed for good."""

    world: SimulatedApplication

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return {"TableName": str(service), "RelayFailedUrl": "failed"}

    def client(self, service: str) -> Any:
        if service == "sqs":
            return NoPointers()
        client = boto3.Session().client("dynamodb", region_name=self.region)
        hook(client, lambda _, operation, asked: self.world.ask_dynamodb(operation, asked))
        return client


class NoPointers:
    """An empty queue."""

    def receive_message(self, **_: Any) -> dict[str, Any]:
        return {}


@pytest.fixture(scope="module")
def runtime() -> Iterator[SimulatedRuntime]:
    with simulated_runtime() as runtime:
        yield runtime


@pytest.mark.parametrize("seed", SEEDS)
def test_every_projection_is_rebuilt_from_the_rows_of_its_owner(seed: int, runtime: SimulatedRuntime) -> None:
    outcome = play(seed, runtime)
    assert outcome.broken is None
    assert outcome.crowd
    before = books(outcome.crowd.world)
    lost = lose(outcome.crowd.world)
    assert lost.keys() == {"auth", "tickets", "orders", "payments", "expiration"}
    assert all(books(outcome.crowd.world)[table] != before[table] for table in lost)
    tell_again(outcome.crowd)
    assert books(outcome.crowd.world) == before
    check(outcome.crowd)


def books(world: SimulatedApplication) -> dict[str, dict[str, Row]]:
    """Every row of every table, but for what counts writes."""
    tables: dict[str, dict[str, Row]] = {}
    for service in ("auth", "tickets", "orders", "payments", "expiration"):
        rows = {f"{row['pk']} {row.get('sk', '')}": row for row in world.rows(service)}
        tables[service] = {
            key: {name: value for name, value in row.items() if name not in COUNTERS}
            for key, row in rows.items()
        }
    for row in tables["tickets"].values():
        if row["soonest"] <= world.clock.time.isoformat():  # a sweeper takes it down within the hour
            for shelf in SHELVES:
                row.pop(shelf, None)
    for row in tables["auth"].values():
        if "orders" in row:
            row["orders"] = sorted(row["orders"], key=lambda each: str(each["id"]))
    return tables


def lose(world: SimulatedApplication) -> dict[str, int]:
    """Forget all that was learnt from others and can be learnt again; how many rows of each table."""
    engine = world.dynamodb
    assert isinstance(engine, InMemoryDynamoDB)
    lost: dict[str, int] = {}
    for service in engine.tables:
        for item in engine.rows(service):
            row = unpack(item)
            left = WITHOUT[service](row)
            if left == row:
                continue
            lost[service] = lost.get(service, 0) + 1
            key = {name: item[name] for name in engine.tables[service].key}
            engine.call("DeleteItem", {"TableName": service, "Key": key})
            if left is not None:
                engine.call("PutItem", {"TableName": service, "Item": pack(left)})
    engine.changes()  # nobody hears of it
    return lost


def _auth(row: Row) -> Row | None:
    return None if row["pk"].startswith("WAITING#") else row


def _tickets(row: Row) -> Row | None:
    return {**row, "held": 0, "sold": 0, "inventoryVersion": 0} if row["sk"] == "TICKET" else row


def _orders(row: Row) -> Row | None:
    """Who has which unit is orders' own; an inventory that was never drawn on is all the seller's."""
    if not row["pk"].startswith("TICKET#"):
        return row
    taken = row["held"] + row["sold"]
    return {**row, **FORGOTTEN, "available": -taken} if row["inventoryVersion"] > 1 else None


def _payments(row: Row) -> Row | None:
    """Whose money it is and where is payments' own; without any, all is the order's."""
    if "payment" not in row:
        return None
    return {**row, "order": {**row["order"], "status": "pending", "version": 0}}


WITHOUT = {
    "auth": _auth,
    "tickets": _tickets,
    "orders": _orders,
    "payments": _payments,
    "expiration": lambda row: None,
}


def tell_again(crowd: Crowd) -> None:
    """Every owner, one after the other, as the runbook says."""
    crowd.world.watchers.clear()  # they know changes of facts alone, not of the event that tells them
    operator = Operator(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    Operator.world = crowd.world
    for service in TELL_FIRST:
        republish(operator, service, NOON)
        come_to_rest(crowd)
