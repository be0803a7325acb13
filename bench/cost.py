"""`make bench-cost`: what AWS would bill for a million purchases, counted on one in the local world.

A purchase: ten pages browsed, one sign-in, an order, its payment, Stripe's webhooks, every event and its
consumers, the timer. Beside it, an order that nobody pays, and a look at an order: a browser takes one at
least, and more the longer somebody takes to pay. Timers start late, as in the stages of samconfig.toml.
Capacity units are DynamoDB Local's own, the rest is what the world saw. A function is billed for the CPU time
of its one sample request in bench/results.json, whatever it is asked here, on its share of a processor, and
for the time its calls wait. Fixed costs (sweepers, alarms, storage), cold starts, data transfer and Stripe's
fees are not in it.
"""

import sys
import tempfile
import time
import tomllib
from collections import Counter
from math import ceil
from pathlib import Path
from typing import Any

import requests

from bench.counted import CountedEnvironment, durations
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
    prices = tomllib.loads(PRICES.read_text())
    with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder:
        counting = CountedEnvironment(Path(folder), HOLD_SECONDS, TIMER_DELAY_SECONDS)
        try:
            paid, unpaid, look = measure(counting, prices)
        finally:
            counting.stop()
    print(
        f"One purchase, and one order that expires; dollars per million at list prices of {prices['as_of']}"
    )
    print(f"{'':42}{'purchase':>10}{'dollars':>10}{'expired':>12}{'dollars':>10}")
    for item, price in prices["items"].items():
        print(_line(price, paid[item], unpaid[item]))
    total, wasted = total_of(paid, prices), total_of(unpaid, prices)
    print(f"{'A million of them':42}{'':10}{total:10.2f}{'':12}{wasted:10.2f}")
    for item, price in prices["beside"].items():
        print(_line(price, paid[item], unpaid[item]) + "   beside it")
    print(f"{'Each look at an order':42}{'':10}{total_of(look, prices):10.2f}{'':32}   beside it")
    print(f"The goal is {GOAL:.0f} $ per million purchases: {'reached' if total <= GOAL else 'missed'}.")
    return 0


def total_of(counted: Counter[str], prices: dict[str, Any]) -> float:
    """Dollars for a million times what was counted."""
    return sum(_dollars(counted[item], price) for item, price in prices["items"].items())


def billed_ms(name: str, memory: int, prices: dict[str, Any]) -> int:
    """What one invocation of a function is billed for."""
    assumed, (cpu_ms, calls) = prices["assumed"], durations(RESULTS)[name]
    share = min(1.0, memory / assumed["vcpu_at_mb"])
    return ceil(cpu_ms / share + calls * assumed["call_ms"])


def measure(
    counting: CountedEnvironment, prices: dict[str, Any]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """What a purchase, an expired order and a look at an order are billed for, by item."""
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

    def counted(what: str, act: Any) -> Counter[str]:
        counting.begin()
        act()
        found = counting.counted()
        found["cdn_request"] = round(found["cdn_request"] * prices["assumed"]["cdn_share"])
        print(f"{what:42}{'invoked':>10}{'writes':>10}{'reads':>12}{'MB':>10}{'ms each':>10}")
        for name, count, written, read in counting.by_function():
            each_ms = billed_ms(name, memory[name], prices)
            found["gb_second"] += count * each_ms / 1000 * memory[name] / 1024  # type: ignore[assignment]
            print(f"  {name:40}{count:10}{written:10.1f}{read:12.1f}{memory[name]:10}{each_ms:10}")
        return found

    def purchase() -> None:
        for _ in range(BROWSES):
            assert (
                len(requests.get(f"{counting.url}/api/tickets?limit={PAGE}", timeout=30).json()) == PAGE - 1
            )
        answer = buyer.send("POST", "/api/users/signin", email=buyer.email, password=buyer.password)
        assert answer.status_code == 200, answer.text
        placed.append(order := buyer.place_order(tickets[1]))
        counting.settle()  # as long as it takes to find one's card
        assert buyer.pay(order).status_code == 200
        counting.settle(TIMER_DELAY_SECONDS)

    def expiry() -> None:
        placed.append(buyer.place_order(tickets[2]))
        time.sleep(HOLD_SECONDS + 5)

    def look() -> None:
        assert buyer.send("GET", f"/api/orders/{placed[0]['id']}").status_code == 200

    paid, unpaid = counted("Purchase, by function", purchase), counted("Expired, by function", expiry)
    ended = [buyer.send("GET", f"/api/orders/{order['id']}").json()["status"] for order in placed]
    assert ended == ["completed", "expired"], ended
    return paid, unpaid, counted("A look, by function", look)


def _warm_up(buyer: User, tickets: list[dict[str, Any]]) -> None:
    """Every function has run once: starting is not what is counted."""
    order = buyer.place_order(tickets[0])
    assert buyer.pay(order).status_code == 200
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")


def _line(price: dict[str, Any], bought: float, lost: float) -> str:
    first, second = _dollars(bought, price), _dollars(lost, price)
    return f"{price['title']:42}{bought:10.2f}{first:10.2f}{lost:12.2f}{second:10.2f}"


def _dollars(count: float, price: dict[str, Any]) -> float:
    """For a million times so many."""
    return float(count * MILLION * price["dollars"] / price["per"])


if __name__ == "__main__":
    sys.exit(main())
