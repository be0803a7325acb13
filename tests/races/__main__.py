"""`python -m tests.races`: what `make races` runs."""

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from local.process import running_environment
from operate.command import Parser
from tests.support import arguments
from tests.support.users import User

ENGINES = ("embedded", "local")
PROGRESS_ROUNDS = 10
ATTEMPTS = 20  # of a buyer whose request gets a 503
AT_ONCE = 8  # sign-ups and refreshes: they are no race, and hashing passwords is slow on purpose
TIMEOUT = 180.0  # seconds: two hundred requests queue for four workers
SESSION_SECONDS = 600  # of the 900 that a session lasts


def main() -> int:
    parser = Parser(
        prog="python -m tests.races",
        description="Race buyers for one ticket through the HTTP API: exactly one of them may get it.",
    )
    parser.add_argument("--buyers", type=arguments.count, default=200, help="200 by default")
    parser.add_argument("--rounds", type=arguments.count, default=50, help="50 by default")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="both by default")
    args = parser.parse_args()
    passed = [run(engine, args.buyers, args.rounds) for engine in args.engine or ENGINES]
    return 0 if all(passed) else 1


def run(engine: str, buyers: int, rounds: int) -> bool:
    """All rounds on one engine; whether each had one winner and a 409 for everybody else."""
    statuses: Counter[int] = Counter()
    failed: list[str] = []
    started = refreshed = time.monotonic()
    with (
        running_environment(engine=engine) as environment,
        ThreadPoolExecutor(buyers) as racing,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        seller = User(environment.url, signed_up=True, timeout=TIMEOUT)
        sign_up = partial(User, environment.url, signed_up=True, timeout=TIMEOUT)
        users = list(pool.map(lambda _: sign_up(), range(buyers)))
        for number in range(1, rounds + 1):
            if time.monotonic() - refreshed > SESSION_SECONDS:
                refreshed = time.monotonic()
                list(pool.map(refresh, [seller, *users]))
            outcome = race(seller, users, racing, statuses)
            if outcome != {201: 1, 409: buyers - 1}:
                failed.append(f"round {number}: {dict(outcome)}")
            if number % PROGRESS_ROUNDS == 0:
                seconds = time.monotonic() - started
                print(f"{seconds:5.0f} s  {engine}: round {number} of {rounds}", flush=True)
    responses = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    print(*failed, sep="\n", end="\n" if failed else "")
    print(
        f"{time.monotonic() - started:.0f} s on {engine}: {buyers} buyers, {rounds} rounds, "
        f"{rounds - len(failed)} with one winner and 409 for everybody else; responses {responses}",
        flush=True,
    )
    return not failed and not any(status >= 500 and status != 503 for status in statuses)


def race(seller: User, buyers: list[User], pool: ThreadPoolExecutor, statuses: Counter[int]) -> Counter[int]:
    """The final status of every buyer's order of one new ticket."""
    ticket = seller.list_ticket()["id"]
    # 404 until the orders service has the ticket, then 403: it is the seller's own.
    seller.send_with_retry("POST", "/api/orders", ticketId=ticket)
    start = threading.Barrier(len(buyers))
    return Counter(pool.map(lambda buyer: order(buyer, ticket, start, statuses), buyers))


def refresh(user: User) -> None:
    """Refresh a session before it ends."""
    response = user.send("POST", "/api/users/refresh")
    assert response.status_code == 200, response.text


def order(buyer: User, ticket: str, start: threading.Barrier, statuses: Counter[int]) -> int:
    """The status of a buyer's order, after retries of 503."""
    start.wait()
    for _ in range(ATTEMPTS):
        response = buyer.send("POST", "/api/orders", ticketId=ticket)
        statuses[response.status_code] += 1
        if response.status_code != 503:
            break
        time.sleep(int(response.headers["Retry-After"]))
    return response.status_code


if __name__ == "__main__":
    sys.exit(main())
