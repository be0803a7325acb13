"""SQS consumer of the tickets service: inventories, and deleted accounts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.inbox import Inbox, RetryLater

from tickets import service
from tickets.inbound import InventoryChanged, UnitsChanged, UserDeleted
from tickets.repository import TicketTable
from tickets.settings import ConsumerSettings

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url)
tickets = TicketTable(config.table_name)


@inbox.on(InventoryChanged, "InventoryChanged")
def apply_inventory(event: InventoryChanged) -> None:
    service.apply_inventory(event.ticket_id, event.inventory(), tickets=tickets, now=clock.now())


@inbox.on(UnitsChanged, "UnitsChanged")
def apply_files(event: UnitsChanged) -> None:
    service.apply_files(event.ticket_id, event.files(), tickets=tickets, now=clock.now())


@inbox.on(UserDeleted, "UserDeleted")
def withdraw_all_listings(event: UserDeleted) -> None:
    if not service.withdraw_all_listings(event.user_id, tickets=tickets, now=clock.now()):
        raise RetryLater


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
