"""`make bench-cost`: what AWS bills for a million purchases, counted for one in a local environment.

A purchase is ten pages of tickets, one sign-in, an order, its payment, Stripe's webhooks, every event with
its consumers, and the timer. Beside it are an order that expires, and one request for an order: a browser
sends at least one, and more the longer the buyer takes to pay. Timers start late, as in samconfig.toml.

Capacity units are DynamoDB Local's, everything else is counted in the environment. A function is billed for
the CPU time of its sample request in bench/results.json, whatever its request here, on its share of a
processor, and for the time that its calls take. Fixed costs (sweepers, alarms, storage), cold starts, data
transfer and Stripe's fees are not included.
"""

import math
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from bench.counted_environment import CountedEnvironment, durations
from operate.command import Parser
from tests.support.users import User

ROOT = Path(__file__).parents[1]
PRICES = ROOT / "bench/prices.toml"
RESULTS = ROOT / "bench/results.json"
BROWSES = 10
PAGE = 20  # tickets
HOLD_SECONDS = 60
TIMER_DELAY_SECONDS = 20  # a third of the hold, as in the stages
GOAL = 60.0  # dollars per million purchases
MILLION = 1_000_000


def main() -> int:
    Parser(
        prog="python -m bench.cost",
        description="Count what AWS bills for one purchase, in dollars per million.",
    ).parse_args()
    prices = tomllib.loads(PRICES.read_text())
    with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder:
        counting = CountedEnvironment(Path(folder), HOLD_SECONDS, TIMER_DELAY_SECONDS)
        try:
            paid, expired, shown = measure(counting, prices)
        finally:
            counting.stop()
    print(
        f"One purchase, and one order that expires; dollars per million at list prices of {prices['as_of']}"
    )
    print(f"{'':42}{'purchase':>10}{'dollars':>10}{'expired':>12}{'dollars':>10}")
    for item, price in prices["items"].items():
        print(_line(price, paid[item], expired[item]))
    total, expired_total = total_of(paid, prices), total_of(expired, prices)
    print(f"{'A million of them':42}{'':10}{total:10.2f}{'':12}{expired_total:10.2f}")
    for item, price in prices["beside"].items():
        print(_line(price, paid[item], expired[item]) + "   beside it")
    print(f"{'Each request for an order':42}{'':10}{total_of(shown, prices):10.2f}{'':32}   beside it")
    print(f"The goal is {GOAL:.0f} $ per million purchases: {'reached' if total <= GOAL else 'missed'}.")
    return 0


def total_of(counted: Counter[str], prices: dict[str, Any]) -> float:
    """Dollars for a million times the counts."""
    return sum(_dollars(counted[item], price) for item, price in prices["items"].items())


def billed_ms(name: str, memory: int, prices: dict[str, Any]) -> int:
    """The milliseconds that one invocation of a function is billed for."""
    assumed: dict[str, float] = prices["assumed"]
    cpu_ms, calls = durations(RESULTS)[name]
    share = min(1.0, memory / assumed["vcpu_at_mb"])
    return math.ceil(cpu_ms / share + calls * assumed["call_ms"])


def measure(
    counting: CountedEnvironment, prices: dict[str, Any]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The counts of a purchase, an expired order and a request for an order, by item of the prices."""
    memory = {
        function.name: function.memory
        for service in counting.services.values()
        for function in service.functions.values()
    }
    seller, buyer = (User(counting.url, signed_up=True) for _ in range(2))
    tickets = [seller.list_ticket(title=f"Marble Arcade {number}") for number in range(PAGE)]
    placed: list[dict[str, Any]] = []
    _warm_up(buyer, tickets)
    counting.settle(TIMER_DELAY_SECONDS)

    def counted(title: str, action: Callable[[], None]) -> Counter[str]:
        counting.begin()
        action()
        counts = counting.counted()
        counts["cdn_request"] = round(counts["cdn_request"] * prices["assumed"]["cdn_share"])
        print(f"{title:42}{'invoked':>10}{'writes':>10}{'reads':>12}{'MB':>10}{'ms each':>10}")
        for name, count, written, read in counting.by_function():
            each_ms = billed_ms(name, memory[name], prices)
            counts["gb_second"] += count * each_ms / 1000 * memory[name] / 1024  # type: ignore[assignment]
            print(f"  {name:40}{count:10}{written:10.1f}{read:12.1f}{memory[name]:10}{each_ms:10}")
        return counts

    def purchase() -> None:
        for _ in range(BROWSES):
            assert (
                len(requests.get(f"{counting.url}/api/tickets?limit={PAGE}", timeout=30).json()) == PAGE - 1
            )
        response = buyer.send("POST", "/api/users/signin", email=buyer.email, password=buyer.password)
        assert response.status_code == 200, response.text
        placed.append(order := buyer.place_order(tickets[1]))
        counting.settle()  # while the buyer finds a card
        assert buyer.pay(order).status_code == 200
        counting.settle(TIMER_DELAY_SECONDS)

    def expiry() -> None:
        placed.append(buyer.place_order(tickets[2]))
        time.sleep(HOLD_SECONDS + 5)

    def show() -> None:
        assert buyer.send("GET", f"/api/orders/{placed[0]['id']}").status_code == 200

    paid, expired = counted("Purchase, by function", purchase), counted("Expired, by function", expiry)
    statuses = [buyer.send("GET", f"/api/orders/{order['id']}").json()["status"] for order in placed]
    assert statuses == ["completed", "expired"], statuses
    return paid, expired, counted("Request for an order, by function", show)


def _warm_up(buyer: User, tickets: list[dict[str, Any]]) -> None:
    """Run every function once: cold starts are not counted."""
    order = buyer.place_order(tickets[0])
    assert buyer.pay(order).status_code == 200
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")


def _line(price: dict[str, Any], paid: float, expired: float) -> str:
    paid_dollars, expired_dollars = _dollars(paid, price), _dollars(expired, price)
    return f"{price['title']:42}{paid:10.2f}{paid_dollars:10.2f}{expired:12.2f}{expired_dollars:10.2f}"


def _dollars(count: float, price: dict[str, Any]) -> float:
    """Dollars for a million times the count."""
    return float(count * MILLION * price["dollars"] / price["per"])


if __name__ == "__main__":
    sys.exit(main())
