"""The shop's checkout page in the system's Chromium, with the Stripe account behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.browsers import FLAGS, MISSING, chromium
from tests.stripe.browser.checkout import Checkout, open_checkout
from tests.support.requirements import require


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's own launch, with the system's browser."""
    return {**browser_type_launch_args, "executable_path": require(chromium(), MISSING), "args": FLAGS}


@pytest.fixture
def checkout(tmp_path: Path, page: Page) -> Iterator[Checkout]:
    """The shop's checkout page, open in a browser."""
    with open_checkout(tmp_path / "stripe.db", page) as checkout:
        yield checkout
