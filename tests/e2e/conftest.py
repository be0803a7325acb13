"""Browsers for the tests: the system's Chromium, in front of a running world."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from local.process import EnvironmentProcess
from tests.e2e.browsers import FLAGS, MISSING, PATIENCE_MS, chromium, leave, profile
from tests.e2e.gallery import Stage, set_stage
from tests.e2e.shopper import Shopper
from tests.support.users import User

Open = Callable[..., Shopper]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium these tests are skipped, but never in CI."""
    here = Path(__file__).parent
    browser_tests = [item for item in items if here in item.path.parents]
    if chromium() is None and os.environ.get("CI") != "true":
        for item in browser_tests:
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own launch, with the system's browser."""
    found = chromium()
    assert found, MISSING
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture
def open_browser(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a fresh browser profile, closed after the test."""
    contexts: list[BrowserContext] = []

    def open_(url: str, person: User | None = None, **settings: Any) -> BrowserContext:
        context = browser.new_context(**profile(url, person, **settings))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield open_
    for context in contexts:
        leave(context)


@pytest.fixture
def shopper(open_browser: Callable[..., BrowserContext], local_env: EnvironmentProcess) -> Open:
    """Somebody at a browser: `shopper(person)` is signed in, `shopper()` a visitor."""

    def open_(person: User | None = None, world: EnvironmentProcess = local_env, **settings: Any) -> Shopper:
        return Shopper(open_browser(world.url, person, **settings).new_page())

    return open_


@pytest.fixture(scope="session")
def stage(local_env: EnvironmentProcess) -> Stage:
    """People, tickets and orders in every state."""
    return set_stage(local_env.url)
