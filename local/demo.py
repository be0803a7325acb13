"""Something to look at: two accounts and a dozen listings, made through the public API on the first start."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from local.credentials import Credentials

LISTINGS = Path(__file__).with_name("listings.json")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as."""

    email: str
    password: str


def accounts(keys: Credentials) -> dict[str, Account]:
    """The seller and the buyer of this data folder."""
    return {
        "seller": Account("seller@tiketz.test", keys.seller_password),
        "buyer": Account("buyer@tiketz.test", keys.buyer_password),
    }


def furnish(url: str, data: Path, people: dict[str, Account]) -> int:
    """Make accounts and listings unless they were made before; answers how many listings it made.

    Raises requests.RequestException when the services do not answer as they should.
    """
    done = data / "furnished.json"
    if done.exists():
        return 0
    cookies = {role: _sign_up(url, account) for role, account in people.items()}
    listings = json.loads(LISTINGS.read_text())
    for listing in listings:
        days = listing.pop("days", None)  # from now
        starts = {"startsAt": _evening(days)} if days else {}
        _send(f"{url}/api/tickets", listing | starts, cookies["seller"])
    done.write_text(json.dumps({"listings": len(listings)}))
    return len(listings)


def _sign_up(url: str, account: Account) -> str:
    """The new session's cookies; of the account that a broken first start has left, too."""
    body = {"email": account.email, "password": account.password}
    answer = requests.post(f"{url}/api/users/signup", json=body, timeout=30)
    if answer.status_code == 409:
        answer = requests.post(f"{url}/api/users/signin", json=body, timeout=30)
    answer.raise_for_status()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies)


def _send(url: str, body: dict[str, Any], cookies: str) -> None:
    requests.post(url, json=body, headers={"Cookie": cookies}, timeout=30).raise_for_status()


def _evening(days: int) -> str:
    """Eight in the evening, so many days from now."""
    day = datetime.now(UTC) + timedelta(days=days)
    return day.replace(hour=20, minute=0, second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
