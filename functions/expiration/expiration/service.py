"""What expiration does: one function per use case."""

from expiration.model import Hold
from expiration.timers import Timers


def await_end(hold: Hold, *, timers: Timers) -> None:
    """Time this hold, and no longer those that it replaces."""
    timers.start(hold)
    for name in hold.earlier:
        timers.stop(name)


def forget(hold: Hold, *, timers: Timers) -> None:
    """The order is over: nothing is left to wait for.

    A timer that starts after this, because its order was heard of late, costs two state transitions and
    does no harm: orders asks whether the time is over, and finds the order gone.
    """
    for name in [*hold.earlier, hold.name]:
        timers.stop(name)
