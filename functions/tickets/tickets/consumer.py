"""Event door of the tickets service."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock
from tiketz_common.inbox import Inbox, RetryLater

from tickets import service
from tickets.inbound import InventoryChanged, UserDeleted
from tickets.model import Inventory
from tickets.repository import TicketTable

inbox = Inbox(os.environ["INBOX_URL"])
tickets = TicketTable(os.environ["TABLE_NAME"])


@inbox.on(InventoryChanged, "InventoryChanged")
def apply_inventory(event: InventoryChanged) -> None:
    heard = Inventory(held=event.held, sold=event.sold, version=event.inventory_version)
    service.apply_inventory(event.ticket_id, heard, tickets=tickets, now=clock.now())


@inbox.on(UserDeleted, "UserDeleted")
def withdraw_all_listings(event: UserDeleted) -> None:
    if not service.withdraw_all_listings(event.user_id, tickets=tickets, now=clock.now()):
        raise RetryLater


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return inbox.resolve(event, context)
