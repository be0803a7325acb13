"""The simulation can fail: mistakes in the product are found. `make mutants` hunts all of them."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.simulation.hunt import hunt
from tests.simulation.mutants import BY_NAME, MUTANTS, Mutant

QUICKLY_FOUND = (
    "units are claimed whether they are free or not",
    "events are published outside of the write",
    "money is captured before the order completes",
    "a late authorisation is not voided",
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_one_change_of_the_product_as_it_is(mutant: Mutant) -> None:
    spec = find_spec(mutant.module)
    assert spec is not None
    assert spec.origin is not None
    compile(mutant.applied(Path(spec.origin).read_text()), spec.origin, "exec")


@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_mistake_does_not_get_away(name: str) -> None:
    assert hunt(BY_NAME[name]) is not None
