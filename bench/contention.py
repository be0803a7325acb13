"""`make bench-contention`: the throughput of concurrent buyers, of one ticket and of many.

    python -m bench.contention [--orders 128] [--engine embedded|local]

Each buyer is a thread with a client of its own that places orders until the tickets are sold. Exactly the
quantity may be sold. Two controls run beside: the bare TransactWriteItems of an order, and a naive order that
reads and then writes, which must oversell, or the run proves nothing. A single buyer waits for two calls
where the bare transaction is one, so the rates are compared for several buyers.
"""

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
from orders.limits import HoldLimits
from orders.model import Order, Request
from orders.repository import OrderTable
from tiketz_common import aws, clock, ids
from tiketz_common.errors import Conflict, DomainError, NotFound
from tiketz_common.rows import pack

from bench import tables
from operate.command import Parser
from tests import factories
from tests.support import arguments

TABLE = "orders"
HOLD = timedelta(minutes=15)
LIMITS = HoldLimits(pause=timedelta(), max_unpaid_units=1_000_000)
BUYERS = (1, 4, 16, 64)
MIN_RATE = 0.5  # of the bare transaction's rate

Buy = Callable[[OrderTable, str, str], str]  # a buyer's table, the ticket, the buyer; the status


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a race."""

    sold: int
    seconds: float
    latencies: list[float]  # of all orders, in seconds
    statuses: Counter[str]

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.sold / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds."""
        return quantiles(self.latencies, n=100)[percent - 1] * 1000


def main() -> int:
    parser = Parser(
        prog="python -m bench.contention",
        description="Measure throughput of 1 to 64 concurrent buyers, of one ticket and of many.",
    )
    parser.add_argument(
        "--orders", type=arguments.count, default=128, help="units for sale in each race; 128 by default"
    )
    parser.add_argument("--engine", choices=["embedded", "local"], action="append", help="both by default")
    args = parser.parse_args()
    if args.orders % BUYERS[-1]:
        parser.error(f"--orders must be a multiple of {BUYERS[-1]}")
    failures = []
    for engine in args.engine or ["local", "embedded"]:
        with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder, account(engine, Path(folder)):
            failures += measure(engine, args.orders)
    print(*failures or ["Exactly the quantity was sold in every race, without a 500."], sep="\n")
    return 1 if failures else 0


def measure(engine: str, units: int) -> list[str]:
    """Print one engine's table; returns the failures."""
    tables.create("orders", TABLE)
    name = {"local": "DynamoDB Local", "embedded": "moto, embedded"}[engine]
    print(f"{name}: {units} units, sold one by one")
    print(f"{'':24}{'buyers':>7}{'orders/s':>10}{'p50 ms':>9}{'p99 ms':>9}   statuses")
    failures: list[str] = []
    for buyers in BUYERS:
        races: dict[str, Callable[[int], Outcome]] = {
            "one ticket": lambda n: race(n, [list_ticket(units)], order),
            "many tickets": lambda n: race(n, [list_ticket(units // n) for _ in range(n)], order),
            "the bare transaction": lambda n: race(n, [list_ticket(units)], _bare),
        }
        rates = {}
        for title, run in races.items():
            outcome = run(buyers)
            rates[title] = outcome.rate
            print(line(title, buyers, outcome), flush=True)
            failures += [f"{name}, {buyers} buyers, {title}: {each}" for each in errors(outcome, units)]
        part = rates["one ticket"] / rates["the bare transaction"]
        print(f"{'':24}{'':7}one ticket sells at {part:.2f} x of the bare transaction's rate")
        if engine == "local" and part < MIN_RATE:
            failures.append(
                f"{name}, {buyers} buyers: one ticket sells at only {part:.2f} x of the bare rate"
            )
    few = units // 8
    naive = race(BUYERS[-1], [list_ticket(few)], _naive)
    print(line(f"read, then write ({few})", BUYERS[-1], naive))
    if naive.sold <= few:
        failures.append(f"{name}: the naive control did not oversell, so this run proves nothing")
    else:
        print(f"{'':24}{'':7}oversold by {naive.sold - few}, as expected")
    return failures


def line(title: str, buyers: int, outcome: Outcome) -> str:
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(outcome.statuses.items()))
    p50, p99 = outcome.percentile(50), outcome.percentile(99)
    return f"{title:24}{buyers:7}{outcome.rate:10.1f}{p50:9.1f}{p99:9.1f}   {statuses}"


def errors(outcome: Outcome, units: int) -> Iterator[str]:
    """What may never happen."""
    if outcome.sold != units:
        yield f"{outcome.sold} of {units} were sold"
    yield from (
        f"{count} x {status}" for status, count in outcome.statuses.items() if status.startswith("500")
    )


def race(buyers: int, tickets: list[str], buy: Buy) -> Outcome:
    """All buyers place orders until each gets another status than 201 and 503."""
    clients = [own_table() for _ in range(buyers)]
    start = threading.Barrier(buyers + 1)
    latencies: list[float] = []
    statuses: Counter[str] = Counter()

    def buy_all(number: int) -> None:
        ticket, status, orders = tickets[number % len(tickets)], "201", 0
        start.wait()
        while status in ("201", "503"):
            sent_at = time.perf_counter()
            status = buy(clients[number], ticket, f"buyer-{number}-{orders}")
            latencies.append(time.perf_counter() - sent_at)
            statuses[status] += 1
            orders += 1

    with ThreadPoolExecutor(buyers) as pool:
        futures = [pool.submit(buy_all, number) for number in range(buyers)]
        start.wait()
        started = time.perf_counter()
        exceptions = [each.exception() for each in futures]  # waits for the end
        seconds = time.perf_counter() - started
    statuses.update(f"500 {type(each).__name__}" for each in exceptions if each)
    return Outcome(sold=statuses["201"], seconds=seconds, latencies=latencies, statuses=statuses)


def order(table: OrderTable, ticket: str, buyer: str) -> str:
    """The status of an order through the service, as the API handler calls it."""
    request = Request(ticket_id=ticket, quantity=1, price=4860)
    try:
        service.place_order(
            ids.new(), request, buyer, orders=table, now=clock.now(), hold=HOLD, limits=LIMITS
        )
    except DomainError as error:
        return str(error.status)
    return "201"


def _bare(table: OrderTable, ticket: str, buyer: str) -> str:
    """The transaction of an order, prepared in advance; a conflict is retried at once."""
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
    """Reads, then writes without a condition: it oversells."""
    key = pack({"pk": f"TICKET#{ticket}"})
    item = table._client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]
    available = int(item["available"]["N"])
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
    claim, put, has_account, held, unpaid = _TEMPLATES[ticket]
    item = {**put["Put"]["Item"], "pk": {"S": f"ORDER#{ids.new()}"}}
    counts = [
        {"Update": {**update["Update"], "Key": pack({"pk": pk})}}
        for update, pk in ((held, f"HELD#{ticket}#{buyer}"), (unpaid, f"UNPAID#{buyer}"))
    ]
    return [claim, {"Put": {**put["Put"], "Item": item}}, has_account, *counts]


_TEMPLATES: dict[str, list[dict[str, Any]]] = {}


def list_ticket(units: int) -> str:
    """The id of a new ticket; records the transaction of an order of it."""
    ticket = factories.ticket(id=ids.new(), quantity=units, starts_at=None, version=1)
    table, now = own_table(), clock.now()
    service.upsert_listing(ticket, orders=table, now=now)
    _TEMPLATES[ticket.id] = _recorded(table, ticket.id)
    return ticket.id


def _recorded(table: OrderTable, ticket: str) -> list[dict[str, Any]]:
    """The writes of one order's transaction, without sending them."""
    writes: list[dict[str, Any]] = []

    def keep(params: dict[str, Any], **_: Any) -> None:
        writes.extend(params["TransactItems"])
        raise NotFound("the transaction is not sent")

    hook = "provide-client-params.dynamodb.TransactWriteItems"
    table._client.meta.events.register(hook, keep)
    try:
        inventory = table.inventory(ticket)
        request = Request(ticket_id=ticket, quantity=1, price=4860)
        placed = Order.place(ids.new(), "somebody", request, inventory.ticket, clock.now(), HOLD)
        table.add(placed, inventory, events.of(placed), LIMITS)
    except NotFound:
        return writes
    finally:
        table._client.meta.events.unregister(hook, keep)
    raise Conflict("the transaction was sent")


def own_table() -> OrderTable:
    """A table with a client, and so a connection, of its own: buyers only share the table."""
    aws.client.cache_clear()
    return OrderTable(TABLE)


@contextmanager
def account(engine: str, folder: Path) -> Iterator[None]:
    """An environment whose DynamoDB is `engine`."""
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
