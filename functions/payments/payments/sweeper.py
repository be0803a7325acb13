"""Scheduled job of the payments service: each minute, settles the payments that no event led to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from payments import service
from payments.gateway import Gateway
from payments.repository import SaleTable
from payments.settings import StripeSettings, SweeperSettings

RESERVED_MS = 30_000  # three calls to Stripe that each time out, and the row

config = settings.read(SweeperSettings)
sales = SaleTable(config.table_name)
stripe = Gateway.from_settings(settings.read(StripeSettings))
applied: set[str] = set()  # of Stripe's events that were missed: what this process has applied


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """A scheduled event; its id is the correlation id of what the job does."""
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])

    def should_stop() -> bool:
        return context.get_remaining_time_in_millis() < RESERVED_MS

    now = clock.now()
    failed = service.sweep(sales=sales, gateway=stripe, now=now, should_stop=should_stop)
    if since := service.missed_since(now):
        failed += service.apply_missed_events(
            since, applied, sales=sales, gateway=stripe, now=now, should_stop=should_stop
        )
    if failed:
        logger.warning("payments left unsettled", payments=failed)
