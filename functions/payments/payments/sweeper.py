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

RESERVED_MS = 20_000  # longer than any one call to Stripe

config = settings.read(SweeperSettings)
sales = SaleTable(config.table_name)
stripe = Gateway.from_settings(settings.read(StripeSettings))


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """A scheduled event; its id is the correlation id of what the job does."""
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])

    def should_stop() -> bool:
        return context.get_remaining_time_in_millis() < RESERVED_MS

    failed = service.sweep(sales=sales, gateway=stripe, now=clock.now(), should_stop=should_stop)
    failed += service.apply_missed_events(
        sales=sales, gateway=stripe, now=clock.now(), should_stop=should_stop
    )
    if failed:
        logger.warning("payments left unsettled", payments=failed)
