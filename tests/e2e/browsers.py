"""The system's Chromium: where it is, how it starts, what it looks like from inside."""

import os
import shutil
from typing import Any

from playwright.sync_api import ViewportSize

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


def profile(url: str, **settings: Any) -> dict[str, Any]:
    """A fresh browser profile: London's English, Amsterdam's time, no service worker unless asked for."""
    return {
        "base_url": url,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/Amsterdam",
        "service_workers": "block",
        **settings,
    }
