"""The simulation catches seeded bugs: four of them here, all of them in `make simulate-mutants`."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.simulation.mutant_run import catch
from tests.simulation.mutants import BY_NAME, TRUSTED_WEBHOOK

CAUGHT_IN_SECONDS = (
    "a claim ignores how many units are available",
    "an intent is created before the payment is stored",
    "money is captured before the order completes",
    "a late authorization is not voided",
)


@pytest.mark.parametrize("name", CAUGHT_IN_SECONDS)
def test_a_seeded_bug_breaks_an_invariant(name: str) -> None:
    assert catch(BY_NAME[name]) is not None


def old_webhook(*mutants: str) -> Any:
    """The outcome of the history of an old webhook."""
    command = [sys.executable, "-m", "tests.simulation.old_webhook", *mutants]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def test_the_payload_of_an_old_webhook_is_not_trusted() -> None:
    assert old_webhook() == {"broken": None, "status": "cancelled", "version": 2}
    assert old_webhook(TRUSTED_WEBHOOK.name)["broken"] == "I4 a payment is recorded as Stripe has it"
