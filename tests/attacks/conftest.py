"""A world with two strangers in it: what belongs to one, the other tries."""

from collections.abc import Iterator

import pytest

from tests.attacks.strangers import Strangers
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target


@pytest.fixture(scope="module")
def strangers() -> Iterator[Strangers]:
    """All of Tiketz in this process; ann owns things, eve does not."""
    with in_process() as (url, faults):
        yield Strangers(Target(url))
    assert faults == []
