"""Events that expiration publishes: its state machine puts them on the bus, and a test compares the two."""

from pydantic import AwareDatetime
from tiketz_common.events import Event


class HoldElapsed(Event):
    """A hold's time is over. It may be an earlier, shorter hold of the order: orders checks its own row."""

    source = "tiketz.expiration"

    order_id: str
    expires_at: AwareDatetime
