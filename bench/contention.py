"""`make bench-contention`: many buyers at once, of one hot ticket and of many; nobody may be oversold.

    python -m bench.contention [--orders 120] [--engine embedded|local]

Each buyer is a thread with a client of its own, ordering again and again until the tickets are gone. Beside
the rates stand two controls of the same run: the bare TransactWriteItems that decides an order, with nothing
around it, and a naive seller that reads and then writes, which must oversell: else this could not tell.
Alone, a buyer waits for two calls and the bare transaction is one; the rates are compared where buyers meet.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from orders import events, service
from orders.model import Order, Request, Ticket
from orders.repository import OrderTable
from tiketz_common import aws, clock, ids
from tiketz_common.errors import Conflict, DomainError, NotFound
from tiketz_common.rows import pack

from bench import tables

TABLE = "orders"
HOLD = timedelta(minutes=15)
BUYERS = (1, 4, 16, 64)
ENOUGH = 0.5  # of the bare transaction's rate

Buy = Callable[[OrderTable, str, str], str]  # a buyer's table, the ticket, the buyer; how it ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a rush went."""

    sold: int
    seconds: float
    latencies: list[float]  # of all answers, in seconds
    answers: Counter[str]

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.sold / self.seconds

    def percentile(self, of: int) -> float:
        """Milliseconds."""
        return quantiles(self.latencies, n=100)[of - 1] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-contention", description=__doc__)
    parser.add_argument("--orders", type=int, default=128, help="units for sale in each rush")
    parser.add_argument("--engine", choices=["embedded", "local"], action="append")
    asked = parser.parse_args()
    wrong = []
    for engine in asked.engine or ["local", "embedded"]:
        with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder, account(engine, Path(folder)):
            wrong += measure(engine, asked.orders)
    print(*wrong or ["Exactly the quantity was sold in every rush, and nobody got a 500."], sep="\n")
    return 1 if wrong else 0


def measure(engine: str, units: int) -> list[str]:
    """Print one engine's table; answer what went wrong."""
    tables.create("orders", TABLE)
    name = {"local": "DynamoDB Local", "embedded": "moto, embedded"}[engine]
    print(f"{name}: {units} units, sold one by one")
    print(f"{'':24}{'buyers':>7}{'orders/s':>10}{'p50 ms':>9}{'p99 ms':>9}   answers")
    wrong: list[str] = []
    for buyers in BUYERS:
        rushes: dict[str, Callable[[int], Outcome]] = {
            "one hot ticket": lambda n: rush(n, [listed(units)], order),
            "many tickets": lambda n: rush(n, [listed(units // n) for _ in range(n)], order),
            "the bare transaction": lambda n: rush(n, [listed(units)], _bare),
        }
        rates = {}
        for what, run in rushes.items():
            found = run(buyers)
            rates[what] = found.rate
            print(line(what, buyers, found), flush=True)
            wrong += [f"{name}, {buyers} buyers, {what}: {each}" for each in judge(found, units)]
        part = rates["one hot ticket"] / rates["the bare transaction"]
        print(f"{'':24}{'':7}the hot ticket sells at {part:.2f} x of the bare transaction's rate")
        if engine == "local" and part < ENOUGH:
            wrong.append(f"{name}, {buyers} buyers: a hot ticket sells at only {part:.2f} x of the bare rate")
    few = units // 8
    naive = rush(BUYERS[-1], [listed(few)], _naive)
    print(line(f"read, then write ({few})", BUYERS[-1], naive))
    if naive.sold <= few:
        wrong.append(f"{name}: the naive control did not oversell, so this run proves nothing")
    else:
        print(f"{'':24}{'':7}oversold by {naive.sold - few}, as it should")
    return wrong


def line(what: str, buyers: int, found: Outcome) -> str:
    told = ", ".join(f"{count} {how}" for how, count in sorted(found.answers.items()))
    middle, slow = found.percentile(50), found.percentile(99)
    return f"{what:24}{buyers:7}{found.rate:10.1f}{middle:9.1f}{slow:9.1f}   {told}"


def judge(found: Outcome, units: int) -> Iterator[str]:
    """What may never be."""
    if found.sold != units:
        yield f"{found.sold} of {units} were sold"
    yield from (f"{count} x {how}" for how, count in found.answers.items() if how.startswith("500"))


def rush(buyers: int, tickets: list[str], buy: Buy) -> Outcome:
    """Everybody buys, over and over, until somebody is told that all is gone."""
    clients = [own_table() for _ in range(buyers)]
    start = threading.Barrier(buyers + 1)
    latencies: list[float] = []
    answers: Counter[str] = Counter()

    def shop(number: int) -> None:
        ticket, how, times = tickets[number % len(tickets)], "201", 0
        start.wait()
        while how in ("201", "503"):
            begun = time.perf_counter()
            how = buy(clients[number], ticket, f"buyer-{number}-{times}")
            latencies.append(time.perf_counter() - begun)
            answers[how] += 1
            times += 1

    with ThreadPoolExecutor(buyers) as crowd:
        shopping = [crowd.submit(shop, number) for number in range(buyers)]
        start.wait()
        begun = time.perf_counter()
        faults = [each.exception() for each in shopping]  # waits for the end
        seconds = time.perf_counter() - begun
    answers.update(f"500 {type(fault).__name__}" for fault in faults if fault)
    return Outcome(sold=answers["201"], seconds=seconds, latencies=latencies, answers=answers)


def order(table: OrderTable, ticket: str, buyer: str) -> str:
    """As the API does it; the status of the answer."""
    request = Request(ticket_id=ticket, quantity=1, price=4860)
    try:
        service.place_order(ids.new(), request, buyer, orders=table, now=clock.now(), hold=HOLD)
    except DomainError as refusal:
        return str(refusal.status)
    return "201"


def _bare(table: OrderTable, ticket: str, buyer: str) -> str:
    """The three writes and their conditions, as prepared in advance; a conflict is sent again at once."""
    while True:
        try:
            table._client.transact_write_items(TransactItems=_prepared(ticket, buyer))
        except table._client.exceptions.TransactionCanceledException as error:
            codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
            if "ConditionalCheckFailed" in codes:
                return "409"
        else:
            return "201"


def _naive(table: OrderTable, ticket: str, buyer: str) -> str:
    """What must never be done: trust what was read a moment ago."""
    key = pack({"pk": f"TICKET#{ticket}"})
    found = table._client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]
    available = int(found["available"]["N"])
    if available < 1:
        return "409"
    table._client.put_item(TableName=TABLE, Item=pack({"pk": f"ORDER#{ids.new()}"}))
    table._client.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET available = :left",
        ExpressionAttributeValues=pack({":left": available - 1}),
    )
    return "201"


def _prepared(ticket: str, buyer: str) -> list[dict[str, Any]]:
    """The transaction of one order, with a new id and buyer."""
    claim, put, count = _TEMPLATES[ticket]
    item = {**put["Put"]["Item"], "pk": {"S": f"ORDER#{ids.new()}"}}
    held = {**count["Update"], "Key": pack({"pk": f"HELD#{ticket}#{buyer}"})}
    return [claim, {"Put": {**put["Put"], "Item": item}}, {"Update": held}]


_TEMPLATES: dict[str, list[dict[str, Any]]] = {}


def listed(units: int) -> str:
    """A new ticket that orders has heard of, and the transaction that an order of it is."""
    ticket = Ticket(
        id=ids.new(),
        title="Marble Arcade",
        price=4860,
        currency="eur",
        quantity=units,
        seller_id="maren",
        starts_at=None,
        venue="Halcyon Hall",
        city="Rotterdam",
        listed=True,
        version=1,
    )
    table, now = own_table(), clock.now()
    service.upsert_listing(ticket, orders=table, now=now)
    _TEMPLATES[ticket.id] = _recorded(table, ticket.id)
    return ticket.id


def _recorded(table: OrderTable, ticket: str) -> list[dict[str, Any]]:
    """What the table sends for one order, without sending it."""
    sent: list[dict[str, Any]] = []

    def keep(params: dict[str, Any], **_: Any) -> None:
        sent.extend(params["TransactItems"])
        raise NotFound("nothing is sent")

    hook = "provide-client-params.dynamodb.TransactWriteItems"
    table._client.meta.events.register(hook, keep)
    try:
        inventory = table.inventory(ticket)
        request = Request(ticket_id=ticket, quantity=1, price=4860)
        placed = Order.place(ids.new(), "somebody", request, inventory.ticket, clock.now(), HOLD)
        table.add(placed, inventory, events.of(placed))
    except NotFound:
        return sent
    finally:
        table._client.meta.events.unregister(hook, keep)
    raise Conflict("the order was sent")


def own_table() -> OrderTable:
    """With a client, thus a connection, that nobody shares: buyers meet in the table alone."""
    aws.client.cache_clear()
    return OrderTable(TABLE)


@contextmanager
def account(engine: str, folder: Path) -> Iterator[None]:
    """An AWS account on this machine, its DynamoDB played by `engine`."""
    os.environ |= {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with ExitStack() as stack:
        stack.callback(os.environ.pop, "AWS_ENDPOINT_URL_DYNAMODB", None)
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = stack.enter_context(tables.running(engine, folder))
        yield


if __name__ == "__main__":
    sys.exit(main())
