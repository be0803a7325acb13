"""Events that expiration consumes. Each model names only the fields that expiration reads."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel

from expiration.model import Hold


class OrderChanged(CamelModel):
    """An order, whole."""

    id: str
    extensions: int
    expires_at: AwareDatetime

    def hold(self) -> Hold:
        """How long the order keeps its units."""
        return Hold(order_id=self.id, extensions=self.extensions, expires_at=self.expires_at)
