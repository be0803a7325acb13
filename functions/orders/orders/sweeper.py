"""Clock door of the orders service: each minute, the orders whose timer was lost."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, metrics
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from orders import service
from orders.repository import OrderTable

orders = OrderTable(os.environ["TABLE_NAME"])


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])
    missed = service.expire_overdue(orders=orders, now=clock.now())
    if missed:
        logger.warning("timers missed", orders=missed)
        metrics.emit(os.environ["EVENT_BUS_NAME"], {"TimersMissed": [missed]})
