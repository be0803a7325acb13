"""Corrections of moto, one module per defect. `apply_patches()` applies them all.

Each module says which function of moto it replaces and what is wrong with it. What only makes moto faster is
in `local.aws.moto_speedups`.
"""

from functools import cache

from local.aws.moto_patches import (
    atomic_calls,
    event_delivery,
    event_replay,
    iam_resources,
    request_tokens,
    serial_calls,
    state_machine_clients,
    stream_records,
    wait_timestamps,
)
from local.aws.moto_patches.version import check_moto_version


@cache
def apply_patches() -> None:
    """Replace the faulty functions of moto in this process; further calls do nothing.

    Raises CannotStart for another version of moto than the one that the patches were verified with.
    """
    check_moto_version()
    # These wrap the same method, each around the one before: the lock is taken first.
    atomic_calls.apply()
    stream_records.apply()
    request_tokens.apply()
    serial_calls.apply()

    event_delivery.apply()
    event_replay.apply()
    iam_resources.apply()
    state_machine_clients.apply()
    wait_timestamps.apply()
