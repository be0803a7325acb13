"""Event door of the auth service: which orders people wait for, which is all that keeps an account."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock
from tiketz_common.inbox import Inbox

from auth import service
from auth.inbound import OrderChanged
from auth.repository import AuthTable

inbox = Inbox(os.environ["INBOX_URL"])
table = AuthTable(os.environ["TABLE_NAME"])


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
    return inbox.resolve(event, context)
