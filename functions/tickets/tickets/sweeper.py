"""Clock door of the tickets service: each hour, what has begun leaves the shelf.

The lists show no ticket whose date has passed; this keeps them from reading over ever more of those.
"""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from tickets import service
from tickets.repository import TicketTable

tickets = TicketTable(os.environ["TABLE_NAME"])


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])
    swept = service.unlist_started_events(tickets=tickets, now=clock.now())
    logger.info("swept", tickets=swept)
