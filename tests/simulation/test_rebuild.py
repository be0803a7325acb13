"""A lost projection is rebuilt from the rows of its owner, which republishes their events."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from tickets.rows import SHELVES
from tiketz_common.rows import Row, pack, unpack

from operate.republish import republish
from operate.stages import Stage
from tests.factories import NOON
from tests.fakes.application import SERVICES, SimulatedApplication
from tests.fakes.botocore_hook import hook
from tests.fakes.dynamodb import InMemoryDynamoDB
from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.simulation.history import come_to_rest, play
from tests.simulation.invariants import check, snapshot
from tests.simulation.users import Population

SEEDS = 8, 9, 6, 7  # one of each of scenarios.DAYS
REPUBLISHED_IN_ORDER = "tickets", "orders", "payments", "auth"
UNKNOWN_LISTING = {  # of an inventory row that has only orders' own numbers
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
WRITE_ATTRIBUTES = {
    "revision",
    "inventoryVersion",
    "changedAt",
    "correlationId",
    "forgetAt",
    "event",
    "silent",
}
"""Attributes that only say how often, when or by whom a row was written."""


class SimulatedStage(Stage):
    """A stage whose tables are those of a simulated application. No relay has failed for good."""

    app: SimulatedApplication

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return {"TableName": str(service), "RelayFailedUrl": "failed"}

    def client(self, service: str) -> Any:
        if service == "sqs":
            return EmptyQueue()
        client = boto3.Session().client("dynamodb", region_name=self.region)
        hook(client, lambda _, operation, params: self.app.call_dynamodb(operation, params))
        return client


class EmptyQueue:
    """An SQS client whose queues are empty."""

    def receive_message(self, **_: Any) -> dict[str, Any]:
        return {}


@pytest.fixture(scope="module")
def runtime() -> Iterator[SimulatedRuntime]:
    with simulated_runtime() as runtime:
        yield runtime


@pytest.mark.parametrize("seed", SEEDS)
def test_lost_projections_are_rebuilt_by_republishing(seed: int, runtime: SimulatedRuntime) -> None:
    outcome = play(seed, runtime)
    assert outcome.broken is None
    assert outcome.population
    app = outcome.population.app
    before = facts(app)
    lost = lose_projections(app)
    assert lost.keys() == set(SERVICES)
    assert all(facts(app)[table] != before[table] for table in lost)
    republish_all(outcome.population)
    assert facts(app) == before
    check(snapshot(outcome.population))


def facts(app: SimulatedApplication) -> dict[str, dict[str, Row]]:
    """Every row of every table, without the attributes of its writes."""
    tables: dict[str, dict[str, Row]] = {}
    for service in SERVICES:
        rows = {f"{row['pk']} {row.get('sk', '')}": row for row in app.rows(service)}
        tables[service] = {
            key: {name: value for name, value in row.items() if name not in WRITE_ATTRIBUTES}
            for key, row in rows.items()
        }
    for row in tables["tickets"].values():
        if row["soonest"] <= app.clock.time.isoformat():  # a sweeper removes it from the indexes in an hour
            for shelf in SHELVES:
                row.pop(shelf, None)
    for row in tables["notifications"].values():  # what happened before the latest events is not republished
        row.pop("completed", None)
        if "order" in row:  # orders repeats an event for payments, under the time of the repeat
            row["order"] = {name: value for name, value in row["order"].items() if name != "changedAt"}
    for row in tables["auth"].values():
        if "orders" in row:
            row["orders"] = sorted(row["orders"], key=lambda each: str(each["id"]))
    return tables


def lose_projections(app: SimulatedApplication) -> dict[str, int]:
    """Delete all that a service stores of another's rows; returns the number of changed rows by table."""
    engine = app.dynamodb
    assert isinstance(engine, InMemoryDynamoDB)
    lost: dict[str, int] = {}
    for service in engine.tables:
        for item in engine.rows(service):
            row = unpack(item)
            remaining = WITHOUT_PROJECTION[service](row)
            if remaining == row:
                continue
            lost[service] = lost.get(service, 0) + 1
            key = {name: item[name] for name in engine.tables[service].key}
            engine.call("DeleteItem", {"TableName": service, "Key": key})
            if remaining is not None:
                engine.call("PutItem", {"TableName": service, "Item": pack(remaining)})
    engine.changes()  # no stream gets them
    return lost


def _auth(row: Row) -> Row | None:
    return None if row["pk"].startswith("WAITING#") else row


def _tickets(row: Row) -> Row | None:
    return {**row, "held": 0, "sold": 0, "inventoryVersion": 0} if row["sk"] == "TICKET" else row


def _orders(row: Row) -> Row | None:
    """Which units are held and sold is orders' own; an inventory without such is all the seller's."""
    if not row["pk"].startswith("TICKET#"):
        return row
    taken = row["held"] + row["sold"]
    return {**row, **UNKNOWN_LISTING, "available": -taken} if row["inventoryVersion"] > 1 else None


def _none(row: Row) -> Row | None:
    return None


def _payments(row: Row) -> Row | None:
    """The payment is payments' own; a row without one is all the order's."""
    if "payment" not in row:
        return None
    return {**row, "order": {**row["order"], "status": "pending", "version": 0}}


def _notifications(row: Row) -> Row | None:
    """Which mails were sent is its own."""
    return None if row["pk"].startswith("ORDER#") else row


WITHOUT_PROJECTION = {
    "auth": _auth,
    "tickets": _tickets,
    "orders": _orders,
    "payments": _payments,
    "expiration": _none,
    "notifications": _notifications,
}


def republish_all(population: Population) -> None:
    """Republish every owner's events, one service after the other, in the order of the runbook."""
    population.app.watchers.clear()  # a republished event is no change that they allow
    stage = SimulatedStage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    SimulatedStage.app = population.app
    for service in REPUBLISHED_IN_ORDER:
        republish(stage, service, NOON)
        come_to_rest(population)
