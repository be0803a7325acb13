"""What expiration does: one function per use case."""

from datetime import datetime

from expiration.model import Hold
from expiration.repository import EndedOrders
from expiration.timers import Timers


def await_end(hold: Hold, *, timers: Timers, ended: EndedOrders) -> None:
    """Time this hold, unless its order is over, and no longer those that it replaces."""
    if ended.has(hold.order_id):
        return
    timers.start(hold)
    for name in hold.earlier:
        timers.stop(name)


def forget(hold: Hold, *, timers: Timers, ended: EndedOrders, now: datetime) -> None:
    """The order is over: nothing is left to wait for.

    A timer that starts at the same moment costs two state transitions and does no harm: orders asks whether
    the time is over, and finds the order gone.
    """
    ended.add(hold.order_id, now)
    for name in [*hold.earlier, hold.name]:
        timers.stop(name)
