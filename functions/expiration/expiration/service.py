"""What expiration does: one function per use case."""

from datetime import datetime

from expiration.model import Hold
from expiration.repository import EndedOrders
from expiration.timers import Timers


def start_timer(hold: Hold, *, timers: Timers, ended: EndedOrders) -> None:
    """Start this hold's timer, unless its order has ended, and stop those that it replaces. Idempotent."""
    if ended.has(hold.order_id):
        return
    timers.start(hold)
    for name in hold.earlier:
        timers.stop(name)


def stop_timers(hold: Hold, *, timers: Timers, ended: EndedOrders, now: datetime) -> None:
    """The order has ended: stop its timers. Idempotent.

    A timer that starts at the same moment costs two state transitions and does no harm: orders expires only
    what is pending past its time.
    """
    ended.add(hold.order_id, now)
    for name in [*hold.earlier, hold.name]:
        timers.stop(name)
