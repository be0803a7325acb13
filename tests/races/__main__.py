"""`python -m tests.races`: what `make races` runs. Two hundred people want one ticket, by the front door."""

import argparse
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from local.process import running_environment
from tests.support.users import User

PROGRESS_ROUNDS = 10
TRIES = 20  # of whoever is asked to come back
AT_ONCE = 8  # of those who sign up or come back: that is no race, and passwords are slow on purpose
TIMEOUT = 180.0  # seconds: two hundred stand in line before four workers
SESSION_SECONDS = 600  # of the 900 that one lasts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buyers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--engine", choices=("embedded", "local"), action="append")
    asked = parser.parse_args()
    fine = [run(engine, asked.buyers, asked.rounds) for engine in asked.engine or ("embedded", "local")]
    return 0 if all(fine) else 1


def run(engine: str, buyers: int, rounds: int) -> bool:
    """All rounds on one engine; whether each had one winner and everybody else was told so."""
    answers: Counter[int] = Counter()
    odd: list[str] = []
    started = came = time.monotonic()
    with (
        running_environment(engine=engine) as world,
        ThreadPoolExecutor(buyers) as crowd,
        ThreadPoolExecutor(AT_ONCE) as door,
    ):
        seller = User(world.url, signed_up=True, timeout=TIMEOUT)
        new = partial(User, world.url, signed_up=True, timeout=TIMEOUT)
        people = list(door.map(lambda _: new(), range(buyers)))
        for number in range(1, rounds + 1):
            if time.monotonic() - came > SESSION_SECONDS:
                came = time.monotonic()
                list(door.map(stay, [seller, *people]))
            ticket = seller.list_ticket()["id"]
            seller.send_with_retry(
                "POST", "/api/orders", ticketId=ticket
            )  # 404 until orders has heard, then 403
            start = threading.Barrier(buyers)
            ended = Counter(crowd.map(lambda each: order(each, ticket, start, answers), people))  # noqa: B023
            if ended != {201: 1, 409: buyers - 1}:
                odd.append(f"round {number}: {dict(ended)}")
            if number % PROGRESS_ROUNDS == 0:
                print(
                    f"{time.monotonic() - started:5.0f} s  {engine}: round {number} of {rounds}", flush=True
                )
    told = ", ".join(f"{count:,} × {status}" for status, count in sorted(answers.items()))
    print(*odd, sep="\n", end="\n" if odd else "")
    print(
        f"{time.monotonic() - started:.0f} s on {engine}: {buyers} buyers, {rounds} rounds, "
        f"{rounds - len(odd)} with one winner and everybody else told so; answers {told}",
        flush=True,
    )
    return not odd and not any(status >= 500 and status != 503 for status in answers)


def stay(person: User) -> None:
    """Prolong a session before it ends."""
    answer = person.send("POST", "/api/users/refresh")
    assert answer.status_code == 200, answer.text


def order(buyer: User, ticket: str, start: threading.Barrier, answers: Counter[int]) -> int:
    """How it ended for a buyer, who comes back where a 503 asks for it."""
    start.wait()
    for _ in range(TRIES):
        answer = buyer.send("POST", "/api/orders", ticketId=ticket)
        answers[answer.status_code] += 1
        if answer.status_code != 503:
            break
        time.sleep(int(answer.headers["Retry-After"]))
    return answer.status_code


if __name__ == "__main__":
    sys.exit(main())
