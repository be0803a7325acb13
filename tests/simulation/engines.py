"""Compares two DynamoDB engines: a history must end in the same state on moto as in memory."""

import json
from typing import Any

from tests.fakes.application import table_definitions
from tests.fakes.moto_dynamodb import moto
from tests.fakes.patching import SimulatedRuntime
from tests.simulation.history import Outcome, play

MONEY = ("payment_intent", "charge", "refund")


def differences(seed: int, runtime: SimulatedRuntime) -> list[str]:
    """The rows, calls and Stripe objects in which a history ends differently on the two engines."""
    in_memory = final_state(play(seed, runtime))
    with moto(table_definitions()) as engine:
        on_moto = final_state(play(seed, runtime, engine))
    keys = in_memory.keys() | on_moto.keys()
    return [key for key in sorted(keys) if in_memory.get(key) != on_moto.get(key)]


def final_state(outcome: Outcome) -> dict[str, Any]:
    """The rows, calls and Stripe objects at the end of a history, by name."""
    app = outcome.app
    assert app is not None
    state: dict[str, Any] = {"broken": str(outcome.broken), "calls": app.calls.made}
    for service in app.streams:
        for row in app.rows(service):
            state[f"{service} {row['pk']} {row.get('sk', '')}"] = row
    for kind in MONEY:
        state[f"stripe {kind}"] = json.dumps(app.stripe.machine.ledger.rows[kind], sort_keys=True)
    return state
