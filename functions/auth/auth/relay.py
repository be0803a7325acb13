"""Outbox door: what the table's stream holds goes to the bus."""

import os
from typing import Any

from tiketz_common import outbox


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return outbox.relay(event, os.environ["EVENT_BUS_NAME"])
