"""The simulation can fail: mistakes in the product are found. `make simulate-mutants` hunts all of them."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.simulation.mutant_run import hunt
from tests.simulation.mutants import BELIEVING, BY_NAME, Mutant

QUICKLY_FOUND = (
    "units are claimed whether they are free or not",
    "events are published outside of the write",
    "money is captured before the order completes",
    "a late authorisation is not voided",
)


@pytest.mark.parametrize("mutant", BY_NAME.values(), ids=lambda mutant: mutant.name)
def test_a_mutant_is_one_change_of_the_product_as_it_is(mutant: Mutant) -> None:
    spec = find_spec(mutant.module)
    assert spec is not None
    assert spec.origin is not None
    compile(mutant.applied(Path(spec.origin).read_text()), spec.origin, "exec")


@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_mistake_does_not_get_away(name: str) -> None:
    assert hunt(BY_NAME[name]) is not None


def old_webhook(*mutants: str) -> Any:
    """What becomes of the history of an old webhook."""
    command = [sys.executable, "-m", "tests.simulation.old_webhook", *mutants]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def test_a_webhook_that_is_old_is_not_believed() -> None:
    assert old_webhook() == {"broken": None, "status": "cancelled", "version": 2}
    assert old_webhook(BELIEVING.name)["broken"] == "I4 a payment is recorded as Stripe has it"
