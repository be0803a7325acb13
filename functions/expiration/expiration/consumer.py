"""SQS consumer of the expiration service: orders' events start and stop timers."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.inbox import Inbox

from expiration import service
from expiration.inbound import OrderChanged
from expiration.repository import EndedOrders
from expiration.settings import ConsumerSettings
from expiration.timers import Timers

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url)
timers = Timers(config.state_machine_arn)
ended = EndedOrders(config.table_name)


@inbox.on(OrderChanged, "OrderCreated", "OrderExtended")
def start_timer(event: OrderChanged) -> None:
    service.start_timer(event.hold(), timers=timers, ended=ended)


@inbox.on(OrderChanged, "OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded")
def stop_timers(event: OrderChanged) -> None:
    service.stop_timers(event.hold(), timers=timers, ended=ended, now=clock.now())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
