"""What tickets hears. Each model names only the fields tickets reads."""

from tiketz_common.events import CamelModel


class UserDeleted(CamelModel):
    """A seller, perhaps, whose account is gone."""

    user_id: str


class InventoryChanged(CamelModel):
    """Where a ticket's units are. What is free we work out from our own quantity."""

    ticket_id: str
    held: int
    sold: int
    inventory_version: int
