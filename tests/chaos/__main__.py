"""`python -m tests.chaos`: what `make chaos` runs. The world dies again and again; its books stay right."""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random, randrange

from local.process import running_environment
from tests.chaos.books import Books
from tests.chaos.shoppers import Market, Shopper
from tests.simulation.watch import Broken

SHOPPERS = 6
HOLD_SECONDS = 30
BETWEEN_KILLS = 1, 40  # steps that people take: a busy machine takes longer, not fewer of them
PATIENCE_SECONDS = 90.0  # for so many
REST_SECONDS = 300.0
SETTLING_SECONDS = 30.0  # for the last events on their way
LEAST_COMPLETED = 0.2

say = partial(print, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=randrange(1_000_000))
    asked = parser.parse_args()
    say(f"seed {asked.seed}, {asked.kills} kills, {SHOPPERS} shoppers")
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="tiketz-") as folder,
        running_environment(hold_seconds=HOLD_SECONDS, data=Path(folder) / "world") as world,
    ):
        market = Market(world)
        storm(market, asked.kills, asked.seed)
        books, broken = rest(market)
    orders = books.orders
    paid = orders["completed"] / max(1, orders.total())
    say(f"orders: {', '.join(f'{count} {status}' for status, count in orders.most_common())}")
    say(f"answers: {', '.join(f'{n:,} × {status}' for status, n in sorted(market.answers.items()))}")
    say(
        f"{time.monotonic() - started:.0f} s: killed {asked.kills} times, {orders.total()} orders, "
        f"{paid:.0%} of them completed, {'BROKEN: ' + str(broken) if broken else '0 broken'}"
    )
    return 1 if broken or paid < LEAST_COMPLETED else 0


def storm(market: Market, kills: int, seed: int) -> None:
    """People shop while the world is killed, each time at another moment, and started on the same data."""
    chance, started = Random(seed), time.monotonic()
    shoppers = [Shopper(f"shopper-{number}", market, seed) for number in range(SHOPPERS)]
    for shopper in shoppers:
        shopper.start()
    for kill in range(1, kills + 1):
        enough = market.steps + chance.randint(*BETWEEN_KILLS)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while market.steps < enough and time.monotonic() < deadline:
            time.sleep(0.01)
        market.world.kill()
        market.world.start()
        say(
            f"{time.monotonic() - started:5.0f} s  killed and restarted {kill} of {kills} times, "
            f"{len(market.placed)} orders placed"
        )
    market.over.set()
    for shopper in shoppers:
        shopper.join()


def rest(market: Market) -> tuple[Books, Broken | None]:
    """The books once everything has come to rest, and what does not hold in them."""
    deadline = time.monotonic() + REST_SECONDS
    while not (books := Books(market.world)).at_rest and time.monotonic() < deadline:
        time.sleep(1)
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        try:
            books.check(market.placed)
        except Broken as broken:
            if time.monotonic() > deadline:
                return books, broken
            time.sleep(1)
            books = Books(market.world)
        else:
            return books, None


if __name__ == "__main__":
    sys.exit(main())
