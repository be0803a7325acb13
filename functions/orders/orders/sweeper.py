"""Scheduled job of the orders service: each minute, expires the orders whose timer failed."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, metrics, settings
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from orders import service
from orders.repository import OrderTable
from orders.settings import SweeperSettings

config = settings.read(SweeperSettings)
orders = OrderTable(config.table_name)


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """A scheduled event; its id is the correlation id of what the job does."""
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])
    missed = service.expire_overdue(orders=orders, now=clock.now())
    if missed:
        logger.warning("timers missed", orders=missed)
        metrics.emit(config.event_bus_name, {"TimersMissed": [missed]})
