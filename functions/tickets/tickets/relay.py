"""Outbox door of the tickets service: what its table's stream holds goes to the bus."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import outbox


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return outbox.relay(event, os.environ["EVENT_BUS_NAME"])
