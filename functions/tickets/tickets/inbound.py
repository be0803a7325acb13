"""Events that tickets consumes. Each model names only the fields that tickets reads."""

from tiketz_common.events import CamelModel

from tickets.model import Files, Inventory


class UserDeleted(CamelModel):
    """A user, perhaps a seller, whose account is deleted."""

    user_id: str


class UnitsChanged(CamelModel):
    """How many units of a ticket are in its files. `version` counts the changes."""

    ticket_id: str
    units: int
    version: int

    def files(self) -> Files:
        """Our copy of it."""
        return Files(units=self.units, version=self.version)


class InventoryChanged(CamelModel):
    """Where a ticket's units are. What is available follows from our own quantity."""

    ticket_id: str
    held: int
    sold: int
    inventory_version: int

    def inventory(self) -> Inventory:
        """Our copy of the inventory."""
        return Inventory(held=self.held, sold=self.sold, version=self.inventory_version)
