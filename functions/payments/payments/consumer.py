"""Event door of the payments service."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, secrets
from tiketz_common.inbox import Inbox

from payments import gateway, service
from payments.inbound import OrderChanged
from payments.repository import SaleTable

SECRET_KEY, API_BASE = os.environ["STRIPE_SECRET_KEY_PARAMETER"], os.environ["STRIPE_API_BASE"]

inbox = Inbox(os.environ["INBOX_URL"])
sales = SaleTable(os.environ["TABLE_NAME"])
stripe = gateway.Gateway(lambda: gateway.connect(secrets.read(SECRET_KEY), API_BASE))


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
    service.on_order_changed(event.order(), sales=sales, gateway=stripe, now=clock.now())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return inbox.resolve(event, context)
