"""A world with one small service, notes, that has every kind of door."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from local.process import EnvironmentProcess, running_environment

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def world() -> Iterator[EnvironmentProcess]:
    """A running world that serves notes."""
    with running_environment(root=FIXTURES) as running:
        yield running


@pytest.fixture(scope="session")
def embedded(world: EnvironmentProcess) -> Iterator[EnvironmentProcess]:
    """One whose DynamoDB is the embedded engine: it alone checks permissions."""
    if world.info["dynamodb"] is None:
        yield world
        return
    with running_environment(root=FIXTURES, engine="embedded") as another:
        yield another


@pytest.fixture
def ask(world: EnvironmentProcess) -> Callable[..., requests.Response]:
    """Call the origin; `cookie` is the whole Cookie header."""

    def asking(method: str, path: str, cookie: str = "user=ann", **kwargs: Any) -> requests.Response:
        headers = kwargs.pop("headers", {}) | ({"Cookie": cookie} if cookie else {})
        return requests.request(method, world.url + path, headers=headers, timeout=30, **kwargs)

    return asking


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait until a question has a truthy answer, and answer it."""

    def wait(question: Callable[[], Any], seconds: float = 15) -> Any:
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"not within {seconds} s; last answer {answer!r}"
            time.sleep(0.05)
        return answer

    return wait
