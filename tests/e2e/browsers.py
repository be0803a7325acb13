"""The system's Chromium: where it is, how it starts, what it looks like from inside."""

import os
import shutil
from typing import Any

from playwright.sync_api import BrowserContext, StorageState, ViewportSize

from tests.support.users import User

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
MISSING = "No Chromium found: install it (Debian: apt-get install chromium) or name it with CHROMIUM=."
PATIENCE_MS = 15_000  # the world shares two cores with whatever else runs


def chromium() -> str | None:
    """The one that CHROMIUM names, or the system's."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def profile(url: str, person: User | None = None, **settings: Any) -> dict[str, Any]:
    """A fresh browser profile: London's English, Amsterdam's time, no service worker unless asked for.

    `person` is signed in there.
    """
    return {
        "base_url": url,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/Amsterdam",
        "service_workers": "block",
        **({"storage_state": session_of(person)} if person else {}),
        **settings,
    }


def leave(context: BrowserContext) -> None:
    """Close a profile. Answers still on their way through a test's route would fail whatever comes next."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()


def session_of(person: User) -> StorageState:
    """What a browser keeps once somebody has signed in: a session of its own, and the client's note of it."""
    answer = person.send("POST", "/api/users/signin", email=person.email, password=person.password)
    assert answer.status_code == 200, answer.text
    cookies = [
        {
            "name": each.name,
            "value": each.value or "",
            "domain": "127.0.0.1",
            "path": each.path,
            "expires": each.expires or -1,
            "httpOnly": True,
            "secure": True,
            "sameSite": "Lax" if each.path == "/" else "Strict",
        }
        for each in answer.cookies
    ]
    note = {"name": "tiketz.signed-in", "value": "1"}
    return {"cookies": cookies, "origins": [{"origin": person.url, "localStorage": [note]}]}
