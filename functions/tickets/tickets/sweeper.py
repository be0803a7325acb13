"""Scheduled job of the tickets service: each hour, takes started events out of the lists.

Lists never show a ticket whose event has started; without this, queries would read over ever more of those.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

from tickets import service
from tickets.repository import TicketTable
from tickets.settings import SweeperSettings

tickets = TicketTable(settings.read(SweeperSettings).table_name)


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """A scheduled event; its id is the correlation id of what the job does."""
    correlation_id.set(event["id"])
    logger.set_correlation_id(event["id"])
    swept = service.unlist_started_events(tickets=tickets, now=clock.now())
    logger.info("swept", tickets=swept)
