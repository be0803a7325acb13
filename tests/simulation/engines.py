"""Two engines, one history: played on moto it must end in the same state as in memory."""

import json
from typing import Any

from tests.fakes.application import declared
from tests.fakes.moto_dynamodb import moto
from tests.fakes.patching import SimulatedRuntime
from tests.simulation.history import Outcome, play

MONEY = ("payment_intent", "charge", "refund")


def differences(seed: int, runtime: SimulatedRuntime) -> list[str]:
    """What a history leaves otherwise in memory than on moto: rows, calls and what Stripe remembers."""
    in_memory = state(play(seed, runtime))
    with moto(declared()) as engine:
        on_moto = state(play(seed, runtime, engine))
    keys = in_memory.keys() | on_moto.keys()
    return [key for key in sorted(keys) if in_memory.get(key) != on_moto.get(key)]


def state(outcome: Outcome) -> dict[str, Any]:
    """All that a history left behind, by name."""
    world = outcome.world
    assert world is not None
    found: dict[str, Any] = {"broken": str(outcome.broken), "calls": world.calls.made}
    for service in world.streams:
        for row in world.rows(service):
            found[f"{service} {row['pk']} {row.get('sk', '')}"] = row
    for kind in MONEY:
        found[f"stripe {kind}"] = json.dumps(world.stripe.machine.ledger.rows[kind], sort_keys=True)
    return found
