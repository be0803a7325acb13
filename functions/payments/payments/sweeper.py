"""Clock door of the payments service: each minute, the payments that nobody told us how they ended."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, secrets
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from payments import gateway, service
from payments.repository import SaleTable

RESERVED_MS = 20_000  # longer than any one call to Stripe

SECRET_KEY, API_BASE = os.environ["STRIPE_SECRET_KEY_PARAMETER"], os.environ["STRIPE_API_BASE"]
sales = SaleTable(os.environ["TABLE_NAME"])
stripe = gateway.Gateway(lambda: gateway.connect(secrets.read(SECRET_KEY), API_BASE))


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])

    def should_stop() -> bool:
        return context.get_remaining_time_in_millis() < RESERVED_MS

    failed = service.sweep(sales=sales, gateway=stripe, now=clock.now(), should_stop=should_stop)
    failed += service.apply_missed_refunds(
        sales=sales, gateway=stripe, now=clock.now(), should_stop=should_stop
    )
    if failed:
        logger.warning("payments left unsettled", payments=failed)
