"""Tabs of the system's Chromium, which use a running local environment."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from local.process import EnvironmentProcess
from tests.e2e.browsers import FLAGS, MISSING, chromium, close_context, new_context
from tests.e2e.scenes import SceneData, create_scene_data
from tests.e2e.tab import Tab
from tests.support.requirements import require
from tests.support.users import User

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright launches the system's browser."""
    return {**browser_type_launch_args, "executable_path": require(chromium(), MISSING), "args": FLAGS}


@pytest.fixture
def open_tab(browser: Browser, local_env: EnvironmentProcess) -> Iterator[OpenTab]:
    """Opens a tab in a new context: `open_tab(user)` is signed in, `open_tab()` is a visitor's."""
    contexts: list[BrowserContext] = []

    def open_new(user: User | None = None, env: EnvironmentProcess = local_env, **settings: Any) -> Tab:
        contexts.append(new_context(browser, env.url, user, **settings))
        return Tab(contexts[-1].new_page())

    yield open_new
    for context in contexts:
        close_context(context)


@pytest.fixture
def ticket(seller: User) -> dict[str, Any]:
    """A ticket for sale, of one unit."""
    return seller.list_ticket(venue="Halcyon Hall", city="Rotterdam", startsAt="2031-12-05T19:00:00Z")


@pytest.fixture(scope="session")
def scene_data(local_env: EnvironmentProcess) -> SceneData:
    """Users, tickets and orders in every state."""
    return create_scene_data(local_env.url)
