"""Demo data: two accounts and a dozen listings, made through the public API on the first start."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from local.credentials import Credentials

LISTINGS = Path(__file__).with_name("listings.json")
EVENING = 20  # o'clock at the venue


@dataclass(frozen=True, slots=True)
class Account:
    """An account to sign in with."""

    email: str
    password: str


def accounts(credentials: Credentials) -> dict[str, Account]:
    """The seller's and the buyer's of this data folder, by role."""
    return {
        "seller": Account("seller@tiketz.test", credentials.seller_password),
        "buyer": Account("buyer@tiketz.test", credentials.buyer_password),
    }


def seed(url: str, data: Path, by_role: dict[str, Account]) -> int:
    """Make accounts and listings, once for each data folder. Returns how many listings it made.

    Raises requests.RequestException where a service fails.
    """
    done = data / "demo.json"
    if done.exists():
        return 0
    cookies = {role: _sign_up(url, account) for role, account in by_role.items()}
    listings = json.loads(LISTINGS.read_text())
    for listing in listings:
        days = listing.pop("days", None)  # from now
        starts = {"startsAt": _evening(days, ZoneInfo(listing["timeZone"]))} if days else {}
        _create_ticket(url, listing | starts, cookies["seller"])
    done.write_text(json.dumps({"listings": len(listings)}))
    return len(listings)


def _sign_up(url: str, account: Account) -> str:
    """The Cookie header of a new session. An earlier start that failed may have made the account."""
    body = {"email": account.email, "password": account.password}
    response = requests.post(f"{url}/api/users/signup", json=body, timeout=30)
    if response.status_code == 409:
        response = requests.post(f"{url}/api/users/signin", json=body, timeout=30)
    response.raise_for_status()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in response.cookies)


def _create_ticket(url: str, body: dict[str, Any], cookies: str) -> None:
    response = requests.post(f"{url}/api/tickets", json=body, headers={"Cookie": cookies}, timeout=30)
    response.raise_for_status()


def _evening(days: int, zone: ZoneInfo) -> str:
    """So many days from now, in the evening there."""
    day = datetime.now(zone) + timedelta(days=days)
    return day.replace(hour=EVENING, minute=0, second=0, microsecond=0).isoformat()
