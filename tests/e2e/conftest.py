"""Browsers for the tests: the system's Chromium, in front of a running world."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from local.running import RunningWorld
from tests.e2e.shopper import Shopper
from tests.support.people import Person

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
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 15_000  # the world shares two cores with whatever else runs

Open = Callable[..., Shopper]


def chromium() -> str | None:
    """The system's Chromium, or the one that CHROMIUM names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium these tests are skipped, but never in CI."""
    here = Path(__file__).parent
    browser_tests = [item for item in items if here in item.path.parents]
    for item in browser_tests:
        item.add_marker(pytest.mark.xdist_group("browser"))
        item.add_marker(pytest.mark.timeout(180))
    if chromium() is None and os.environ.get("CI") != "true":
        reason = "No Chromium found: install it (Debian: apt-get install chromium) or name it with CHROMIUM=."
        for item in browser_tests:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own launch, with the system's browser."""
    found = chromium()
    assert found, "CI needs a Chromium: apt-get install chromium"
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture
def open_browser(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile, in London's English and Amsterdam's time, closed after the test."""
    contexts: list[BrowserContext] = []

    def open_(url: str, **settings: Any) -> BrowserContext:
        defaults = {
            "base_url": url,
            "viewport": DESKTOP,
            "locale": "en-GB",
            "timezone_id": "Europe/Amsterdam",
            "service_workers": "block",
        }
        context = browser.new_context(**{**defaults, **settings})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def shopper(open_browser: Callable[..., BrowserContext], tiketz: RunningWorld) -> Open:
    """Somebody at a browser: `shopper(person)` is signed in, `shopper()` a visitor."""

    def open_(person: Person | None = None, world: RunningWorld = tiketz, **settings: Any) -> Shopper:
        return Shopper(open_browser(world.url, **settings).new_page(), person)

    return open_
