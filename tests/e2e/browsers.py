"""The system's Chromium, and the settings of its contexts."""

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, BrowserContext, StorageState, StorageStateCookie, ViewportSize

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
TIMEOUT_MS = 15_000  # the local environment shares two cores with other tests
MISSING = "No Chromium found: install it (Debian: apt-get install chromium) or name it with CHROMIUM=."


def chromium() -> str | None:
    """The executable: the CHROMIUM variable, or the system's."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def new_context(browser: Browser, url: str, user: User | None = None, **settings: Any) -> BrowserContext:
    """A new browser context: British English, Amsterdam's time zone, by default no service worker.

    `user` is signed in there.
    """
    defaults: dict[str, Any] = {
        "base_url": url,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/Amsterdam",
        "service_workers": "block",
    }
    if user:
        defaults["storage_state"] = signed_in_state(user)
    context = browser.new_context(**{**defaults, **settings})
    context.set_default_timeout(TIMEOUT_MS)
    return context


def close_context(context: BrowserContext) -> None:
    """Close a context. A response that is still on its way through a route would fail the next test."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()


def signed_in_state(user: User) -> StorageState:
    """The cookies and storage of a browser after signing in, with a session of its own."""
    response = user.send("POST", "/api/users/signin", email=user.email, password=user.password)
    assert response.status_code == 200, response.text
    cookies: list[StorageStateCookie] = [
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
        for each in response.cookies
    ]
    return {
        "cookies": cookies,
        "origins": [{"origin": user.url, "localStorage": [{"name": "tiketz.signed-in", "value": "1"}]}],
    }
