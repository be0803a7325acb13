"""Tiketz in this process with two users: what belongs to one, the other tries to reach."""

from collections.abc import Iterator

import pytest

from tests.attacks.users import Users
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target


@pytest.fixture(scope="module")
def users() -> Iterator[Users]:
    """ann owns tickets, orders and payments; eve does not."""
    with in_process() as (url, failures):
        yield Users(Target(url))
    assert failures == []
