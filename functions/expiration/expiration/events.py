"""What expiration tells the world: its state machine says it, and a test holds the two together."""

from pydantic import AwareDatetime
from tiketz_common.events import Event


class HoldElapsed(Event):
    """A hold's time is over. It may be that of an earlier, shorter hold: orders asks its own row."""

    source = "tiketz.expiration"

    order_id: str
    expires_at: AwareDatetime
