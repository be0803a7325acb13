"""SQS consumer of the auth service: which orders are pending, for they keep an account from deletion."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.inbox import Inbox

from auth import service
from auth.inbound import OrderChanged
from auth.repository import AuthTable
from auth.settings import ConsumerSettings

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url)
table = AuthTable(config.table_name)


@inbox.on(
    OrderChanged,
    "OrderCreated",
    "OrderExtended",
    "OrderCompleted",
    "OrderCancelled",
    "OrderExpired",
    "OrderRefunded",
)
def on_order_changed(event: OrderChanged) -> None:
    expires_at = event.expires_at if event.status == "pending" else None
    service.on_order_changed(event.id, event.user_id, event.version, expires_at, table=table, now=clock.now())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
