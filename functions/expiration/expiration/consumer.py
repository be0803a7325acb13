"""Event door of the expiration service."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock
from tiketz_common.inbox import Inbox

from expiration import service
from expiration.inbound import OrderChanged
from expiration.repository import EndedOrders
from expiration.timers import Timers

inbox = Inbox(os.environ["INBOX_URL"])
timers = Timers(os.environ["STATE_MACHINE_ARN"])
ended = EndedOrders(os.environ["TABLE_NAME"])


@inbox.on(OrderChanged, "OrderCreated", "OrderExtended")
def await_end(event: OrderChanged) -> None:
    service.await_end(event.hold(), timers=timers, ended=ended)


@inbox.on(OrderChanged, "OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded")
def forget(event: OrderChanged) -> None:
    service.forget(event.hold(), timers=timers, ended=ended, now=clock.now())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return inbox.resolve(event, context)
