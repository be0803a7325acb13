"""Events that auth consumes. Each model names only the fields that auth reads."""

from pydantic import AwareDatetime
from tiketz_common.events import CamelModel


class OrderChanged(CamelModel):
    """An order, whole; `version` counts its changes."""

    id: str
    user_id: str
    status: str
    expires_at: AwareDatetime
    version: int
